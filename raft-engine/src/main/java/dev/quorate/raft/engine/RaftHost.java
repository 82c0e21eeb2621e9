package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.runtime.LocalHost;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Many replicated groups in one process, which share its identity, its address, its disk and its
 * threads. Groups are started and closed while others run, each with a leader, a log and a state
 * machine of its own; a slow state machine holds up its own group and no other.
 *
 * <pre>{@code
 * try (RaftHost host = Raft.host("n1")
 *     .cluster("shop", "n1=host1:7001,n2=host2:7001,n3=host3:7001")
 *     .dataDirectory(Path.of("data/n1"))
 *     .start()) {
 *   RaftNode orders = host.group("orders").stateMachine(new Orders()).start();
 *   RaftNode prices = host.group("prices").stateMachine(new Prices()).start();
 * }
 * }</pre>
 *
 * <p>All methods may be called by any thread, at the same time.
 */
public final class RaftHost implements AutoCloseable {

  private final LocalHost host;

  RaftHost(LocalHost host) {
    this.host = host;
  }

  /**
   * Which node this host is, in each of its groups.
   *
   * @return the id
   */
  public NodeId id() {
    return host.id();
  }

  /**
   * Begins to describe a group of this host.
   *
   * @param group the group's id, the same on all its hosts: 1 to 64 letters, digits, {@code '.'},
   *     {@code '_'} or {@code '-'}
   * @return a builder
   * @throws dev.quorate.raft.api.config.ConfigurationException if the id has another form
   */
  public RaftGroupBuilder group(String group) {
    return new RaftGroupBuilder(host, group);
  }

  /**
   * The groups that run here.
   *
   * @return a copy, by group id
   */
  public SortedMap<String, RaftNode> groups() {
    return host.groups();
  }

  /**
   * Closes all groups as {@link RaftNode#closeAsync} does one, all at a time, and then the host.
   * Idempotent.
   *
   * @return completes when nothing is open any more; completing or cancelling it reaches nothing
   */
  public CompletableFuture<Void> closeAsync() {
    return host.closeAsync();
  }

  /**
   * Closes and waits for it. From a callback or from a state machine it does not wait, because the
   * end waits for them.
   */
  @Override
  public void close() {
    host.close();
  }
}
