package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.fail;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.MetricTotals;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftNodeBuilder;
import dev.quorate.raft.engine.formation.ListedNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Nodes in this process, on real threads, with disks and a network in memory. */
final class TestCluster implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  final MemoryNetwork network = new MemoryNetwork();
  private final Map<NodeId, Address> addresses = new LinkedHashMap<>();
  private final SortedMap<NodeId, MemoryDisk> disks = new TreeMap<>();
  private final SortedMap<NodeId, MetricTotals> metrics = new TreeMap<>();
  private final SortedMap<NodeId, RaftNode> nodes = new TreeMap<>();
  private final Supplier<StateMachine> machines;
  private Settings settings = Settings.empty();

  TestCluster(int size) {
    this(size, Register::new);
  }

  TestCluster(int size, Supplier<StateMachine> machines) {
    this.machines = machines;
    for (int i = 1; i <= size; i++) {
      NodeId id = NodeId.of("n" + i);
      addresses.put(id, new Address("host" + i, 7000 + i));
      disks.put(id, new MemoryDisk());
      metrics.put(id, new MetricTotals());
    }
  }

  TestCluster with(String key, String value) {
    settings = settings.with(key, value);
    return this;
  }

  RaftNodeBuilder builder(int number) {
    NodeId id = NodeId.of("n" + number);
    return Raft.node(id)
        .cluster("test", addresses)
        .stateMachine(machines.get())
        .dataDirectory(Path.of("nowhere"))
        .settings(settings)
        .transport(network)
        .storage(disks.get(id))
        .metrics(metrics.get(id));
  }

  /** A node's description without the builder, for an environment of the test's own. */
  NodeOptions options(int number) {
    NodeId id = NodeId.of("n" + number);
    List<ListedNode> listed = new ArrayList<>();
    addresses.forEach((node, address) -> listed.add(new ListedNode(node, address)));
    return new NodeOptions(
        id,
        "test",
        listed,
        addresses.get(id),
        machines.get(),
        Path.of("nowhere"),
        addresses.get(id),
        "a test",
        network,
        disks.get(id),
        settings);
  }

  RaftNode start(int number) {
    try {
      RaftNode node = builder(number).start();
      nodes.put(node.id(), node);
      return node;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A node of no list, which joins at another. */
  RaftNode join(int number, int at) {
    NodeId id = NodeId.of("n" + number);
    try {
      RaftNode node =
          Raft.node(id)
              .join(
                  "test",
                  "n" + at + "=host" + at + ":" + (7000 + at),
                  new Address("host" + number, 7000 + number))
              .stateMachine(machines.get())
              .dataDirectory(Path.of("nowhere"))
              .settings(settings)
              .transport(network)
              .storage(disks.computeIfAbsent(id, newcomer -> new MemoryDisk()))
              .start();
      nodes.put(id, node);
      return node;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  TestCluster startAll() {
    for (int i = 1; i <= addresses.size(); i++) {
      start(i);
    }
    return this;
  }

  RaftNode node(int number) {
    return nodes.get(NodeId.of("n" + number));
  }

  /** What a node of the list has measured in all its lives. */
  MetricTotals metrics(NodeId id) {
    return metrics.get(id);
  }

  MemoryDisk disk(int number) {
    return disks.get(NodeId.of("n" + number));
  }

  RaftNode leader() {
    until("a leader", () -> nodes.values().stream().anyMatch(TestCluster::leads));
    return nodes.values().stream().filter(TestCluster::leads).findFirst().orElseThrow();
  }

  RaftNode follower() {
    RaftNode leader = leader();
    return nodes.values().stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  private static boolean leads(RaftNode node) {
    return node.status().role() == Role.LEADER;
  }

  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        fail("waited in vain for " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    nodes.values().forEach(RaftNode::close);
  }
}
