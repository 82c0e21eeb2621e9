package dev.quorate.raft.engine;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.LocalHost;
import java.io.IOException;
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
   * Removes a group that does not run here, with its log and its snapshots, which cannot be undone.
   * For the group this is the loss of one member's disk: take the host out of its members first
   * ({@code membership().remove}), unless the group is to end on all its hosts. While it lasts the
   * other groups' writes wait.
   *
   * <p>The group cannot be started on this disk again: {@link RaftGroupBuilder#start} throws {@link
   * dev.quorate.raft.api.storage.GroupRemovedException}. A process that is killed meanwhile leaves
   * the group as it was, or removed; what is then left of its files is deleted when the host is
   * opened again.
   *
   * @param group the group's id
   * @return whether there was anything of the group here; if not, nothing has changed
   * @throws dev.quorate.raft.api.config.ConfigurationException if the id has another form
   * @throws IllegalStateException if the group runs here, starts or is being closed, or the host is
   *     closed
   * @throws UnsupportedOperationException if the host's storage removes no groups
   * @throws IOException if it failed: the group may be removed, and some of its files may be left.
   *     It may be tried again; other groups go on
   */
  public boolean removeGroup(String group) throws IOException {
    return host.remove(EngineSettings.requireGroupId(group));
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
