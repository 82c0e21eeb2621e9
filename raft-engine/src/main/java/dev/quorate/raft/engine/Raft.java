package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;

/**
 * Where a user of the engine begins.
 *
 * <pre>{@code
 * try (RaftNode node = Raft.node("n1")
 *     .cluster("counters", "n1=host1:7001,n2=host2:7001,n3=host3:7001")
 *     .stateMachine(new Counter())
 *     .dataDirectory(Path.of("data/n1"))
 *     .start()) {
 *   byte[] result = node.submitOrThrow(command);
 * }
 * }</pre>
 */
public final class Raft {

  private Raft() {}

  /**
   * Begins to describe a node of this process.
   *
   * @param id the node's id
   * @return a builder
   * @throws IllegalArgumentException if the id is not a legal one
   */
  public static RaftNodeBuilder node(String id) {
    return node(NodeId.of(id));
  }

  /**
   * Begins to describe a node of this process.
   *
   * @param id the node's id
   * @return a builder
   */
  public static RaftNodeBuilder node(NodeId id) {
    return new RaftNodeBuilder(id);
  }
}
