package dev.quorate.raft.engine;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.List;
import java.util.Objects;

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
 *
 * <p>Where one process has many groups, {@link #host(String)} describes what they share.
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
    return new RaftNodeBuilder(Objects.requireNonNull(id, "id"));
  }

  /**
   * Begins to describe a host, which has many groups in this process.
   *
   * @param id the host's id, which is that of its node in every group
   * @return a builder
   * @throws IllegalArgumentException if the id is not a legal one
   */
  public static RaftHostBuilder host(String id) {
    return host(NodeId.of(id));
  }

  /**
   * Begins to describe a host, which has many groups in this process.
   *
   * @param id the host's id, which is that of its node in every group
   * @return a builder
   */
  public static RaftHostBuilder host(NodeId id) {
    return new RaftHostBuilder(Objects.requireNonNull(id, "id"));
  }

  /**
   * Begins to describe a client of a cluster that this process is no member of.
   *
   * @param cluster the cluster's name
   * @param nodes addresses of one or more of its nodes, as in {@code host1:7001,host2:7001}, or
   *     with their ids as in {@code n1=host1:7001,n2=host2:7001}; the others are learnt from them
   * @return a builder
   * @throws dev.quorate.raft.api.config.ConfigurationException if the name or an address has
   *     another form
   */
  public static RaftClientBuilder client(String cluster, String nodes) {
    return new RaftClientBuilder(cluster, RaftClientBuilder.parse(nodes));
  }

  /**
   * Begins to describe a client of a cluster that this process is no member of.
   *
   * @param cluster the cluster's name
   * @param nodes addresses of one or more of its nodes
   * @return a builder
   * @throws dev.quorate.raft.api.config.ConfigurationException if the name has another form, or
   *     there is no address that can be reached
   */
  public static RaftClientBuilder client(String cluster, List<Address> nodes) {
    return new RaftClientBuilder(cluster, nodes);
  }
}
