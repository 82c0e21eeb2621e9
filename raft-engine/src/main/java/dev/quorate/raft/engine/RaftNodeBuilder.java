package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.engine.runtime.HostOptions;
import dev.quorate.raft.engine.runtime.LocalNode;
import dev.quorate.raft.engine.runtime.NodeOptions;
import dev.quorate.raft.engine.runtime.ThreadedEnvironment;
import java.io.IOException;
import java.util.Objects;

/**
 * Describes a node and starts it. Cluster, state machine and data directory are required; all else
 * has defaults. Not for several threads at a time.
 */
public final class RaftNodeBuilder extends HostDescription<RaftNodeBuilder> {

  private StateMachine stateMachine;

  RaftNodeBuilder(NodeId id) {
    super(id);
  }

  @Override
  RaftNodeBuilder self() {
    return this;
  }

  /**
   * Sets the state machine that this node applies commands to. It must be fresh: everything that
   * was committed is applied to it again.
   *
   * @param machine the state machine
   * @return this builder
   */
  public RaftNodeBuilder stateMachine(StateMachine machine) {
    stateMachine = Objects.requireNonNull(machine, "machine");
    return this;
  }

  /**
   * Starts the node. It returns as soon as the node listens; a leader, and in a new cluster the
   * other nodes, may still be missing, for which calls wait within their deadlines. A node whose
   * log is damaged, or whose disk fails while the log is opened, starts too, as {@link
   * dev.quorate.raft.api.NodeCondition.Degraded}: it does nothing but say what is wrong with which
   * file and what to do, and keeps its log as it is.
   *
   * @return the node, to be closed some day
   * @throws ConfigurationException if something required is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   * @throws IOException if the data cannot be opened or the address not be bound: another process
   *     uses the directory, it is another node's, this process may not use it, a newer version
   *     wrote it, there is no room, or the file with the disk's identity, without which this is
   *     nobody, is damaged or cannot be read or written. The message names the file; nothing is
   *     left then
   */
  public RaftNode start() throws IOException {
    NodeOptions options = options();
    ThreadedEnvironment environment = new ThreadedEnvironment(options.id().value());
    boolean started = false;
    try {
      RaftNode node = LocalNode.start(options, environment);
      started = true;
      return node;
    } finally {
      if (!started) {
        environment.shutDown(() -> {});
      }
    }
  }

  @Override
  void requireAll() {
    super.requireAll();
    require(stateMachine != null, "stateMachine(machine)");
  }

  private NodeOptions options() {
    HostOptions host = describe();
    return host.node(host.nodes(), stateMachine, host.settings(), host.metrics());
  }
}
