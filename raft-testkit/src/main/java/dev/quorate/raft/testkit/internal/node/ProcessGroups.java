package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.runtime.HostOptions;
import dev.quorate.raft.engine.runtime.LocalHost;
import dev.quorate.raft.engine.runtime.LocalNode;
import dev.quorate.raft.engine.runtime.NodeOptions;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What a machine's process runs: a group that is alone there, or several on one host. */
final class ProcessGroups {

  private final List<ListedNode> founders;
  private final WatchedStorage storage;
  private final Replica main;
  private final List<Replica> neighbours;
  private Optional<LocalHost> host = Optional.empty();

  /**
   * None runs yet.
   *
   * @param founders the list that groups are begun with
   */
  ProcessGroups(
      List<ListedNode> founders, WatchedStorage storage, Replica main, List<Replica> neighbours) {
    this.founders = founders;
    this.storage = storage;
    this.main = main;
    this.neighbours = List.copyOf(neighbours);
  }

  /** All of them, the one that is judged in full first. */
  Stream<Replica> all() {
    return Stream.concat(Stream.of(main), neighbours.stream());
  }

  /** One of the others, if the machine has it. */
  Optional<Replica> neighbour(String group) {
    return neighbours.stream().filter(it -> it.world().group().equals(group)).findFirst();
  }

  /**
   * A process begins.
   *
   * @param machine where it listens
   * @param directory the data on the machine's disk
   * @param nodes whom the first group is started with
   * @throws IOException if any group but a removed one cannot be opened, or its log is damaged;
   *     then nothing may go on. If a write or a force failed meanwhile, what is opened goes on, and
   *     has to give up
   */
  void start(ListedNode machine, Path directory, List<ListedNode> nodes, SimulatedProcess process)
      throws IOException {
    HostOptions options = options(machine, directory, process);
    NodeOptions first = node(options, nodes, main);
    if (neighbours.isEmpty()) {
      runs(main, LocalNode.start(first, process));
      return;
    }
    LocalHost opened = LocalHost.open(options, process);
    host = Optional.of(opened);
    runs(main, opened.start(first));
    for (Replica neighbour : neighbours) {
      start(opened, neighbour);
    }
  }

  private HostOptions options(ListedNode machine, Path directory, SimulatedProcess process) {
    World world = main.world();
    TransportProvider peers = world.network().transport(process::letOut, process::enter);
    return new HostOptions(
        machine.id(),
        World.CLUSTER,
        founders,
        machine.address(),
        directory,
        machine.address(),
        "a simulation",
        world
            .inquiries()
            .map(it -> it.besides(peers, machine.id(), process::letOut, process::enter))
            .orElse(peers),
        storage,
        world.settings().of(machine.id()),
        RaftMetrics.NONE,
        List.of());
  }

  private static NodeOptions node(HostOptions options, List<ListedNode> nodes, Replica replica) {
    boolean asks =
        replica.world().inquiries().isPresent()
            && nodes.stream().noneMatch(it -> it.id().equals(options.id()));
    return options
        .node(
            asks ? List.of() : nodes,
            replica.newStateMachine(),
            replica.world().settings().of(options.id()),
            replica.newBounds())
        .withLevel(replica.level())
        .askingAt(asks ? nodes.stream().map(ListedNode::address).toList() : List.of());
  }

  private void start(LocalHost host, Replica neighbour) throws IOException {
    try {
      runs(neighbour, host.start(node(host.options(), host.options().nodes(), neighbour)));
    } catch (GroupRemovedException e) {
      neighbour.refused();
    }
  }

  /**
   * A node whose log cannot be read says so and does nothing more; its operator ends it. So does
   * one whose disk failed meanwhile, or before, which is left to itself.
   */
  private void runs(Replica replica, LocalNode node) throws IOException {
    Optional<IOException> damage = storage.damage(replica.world().group());
    Violation.unless(
        damage.isEmpty() && !storage.failedWhenOpening()
            || node.status().condition() instanceof NodeCondition.Degraded,
        "I19",
        () -> node.id() + " goes on with a log that was not opened: " + node.status());
    if (damage.isPresent()) {
      node.closeAsync();
      throw damage.get();
    }
    replica.runs(node);
  }

  /** The process is asked to end. */
  CompletableFuture<Void> closeAsync() {
    return host.map(LocalHost::closeAsync).orElseGet(() -> main.node().closeAsync());
  }

  /** The process is gone. */
  void ended() {
    host = Optional.empty();
    all().forEach(Replica::ended);
  }

  /** Closes a group's node. */
  CompletableFuture<Void> close(Replica neighbour) {
    neighbour.closing();
    return neighbour.node().closeAsync().thenRun(neighbour::ended);
  }

  /**
   * Removes a group that was closed, and asks for it once more: what the disk answers is judged
   * there.
   *
   * @return whether there was anything to remove
   */
  boolean remove(Replica neighbour) throws IOException {
    LocalHost running = host.orElseThrow();
    boolean any = running.remove(neighbour.world().group());
    start(running, neighbour);
    return any;
  }
}
