package dev.quorate.examples.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftNodeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Nodes of one cluster in this process, over real sockets and with real files. */
final class RealNodes implements AutoCloseable {

  static final String CLUSTER = "texts";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Map<String, Address> addresses = new TreeMap<>();
  private final Map<String, RaftNode> running = new TreeMap<>();
  private final Map<String, Measured> measured = new TreeMap<>();
  private List<String> founders = List.of();
  private BiConsumer<String, RaftNodeBuilder> special = (id, builder) -> {};

  /** Nodes that keep texts. Each has its own free port, also one that is never started. */
  RealNodes(Path directory, String... ids) throws IOException {
    this.directory = directory;
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (String id : ids) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        addresses.put(id, new Address("127.0.0.1", socket.getLocalPort()));
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  /** What nodes that are started from now on have besides, or instead, of what all have here. */
  void with(BiConsumer<String, RaftNodeBuilder> some) {
    special = some;
  }

  Address address(String id) {
    return addresses.get(id);
  }

  /** The node is elsewhere when it starts again. */
  void move(String id, Address to) {
    addresses.put(id, to);
  }

  /** Starts those that found the cluster. */
  void found(Settings settings, String... ids) throws IOException {
    founders = Arrays.asList(ids);
    for (String id : ids) {
      start(id, settings);
    }
  }

  /** Starts a founder, or one that joins at the first of them unless it is told more. */
  RaftNode start(String id, Settings settings) throws IOException {
    RaftNodeBuilder builder = Raft.node(id);
    if (founders.contains(id)) {
      builder.cluster(CLUSTER, listed(founders));
    } else if (!founders.isEmpty()) {
      builder.join(CLUSTER, listed(founders.subList(0, 1)), address(id));
    }
    Measured metrics = new Measured();
    builder
        .stateMachine(new KeyValueStore())
        .dataDirectory(directory.resolve(id))
        .settings(settings)
        .metrics(metrics);
    special.accept(id, builder);
    RaftNode node = builder.start();
    running.put(id, node);
    measured.put(id, metrics);
    return node;
  }

  private String listed(List<String> ids) {
    return ids.stream().map(id -> id + "=" + address(id)).collect(Collectors.joining(","));
  }

  RaftNode node(String id) {
    return running.get(id);
  }

  /** All that run. */
  List<RaftNode> all() {
    return List.copyOf(running.values());
  }

  /** The one that runs and leads, once there is one. */
  RaftNode leader() {
    until("a leader", () -> findLeader().isPresent());
    return findLeader().orElseThrow();
  }

  /** The one that runs and leads; of two that think so, the newer. */
  Optional<RaftNode> findLeader() {
    return running.values().stream()
        .filter(node -> node.status().role() == Role.LEADER)
        .max(Comparator.comparingLong(node -> node.status().term()));
  }

  /** Those that run, but for one. */
  List<RaftNode> others(RaftNode but) {
    return running.values().stream().filter(node -> node != but).toList();
  }

  /** What a node has measured since it was started last. */
  Measured measured(String id) {
    return measured.get(id);
  }

  void stop(String id) {
    running.remove(id).close();
  }

  /** Stops some of them at the same time. */
  void stopAtOnce(List<RaftNode> nodes) {
    nodes.forEach(RaftNode::closeAsync);
    nodes.forEach(node -> stop(node.id().value()));
  }

  /** Puts so many texts of a length, and has the node take a snapshot of them. */
  void fill(RaftNode node, int count, int length) {
    for (int i = 0; i < count; i++) {
      byte[] command = KeyValueStore.put("key" + i, "x".repeat(length));
      node.submit(command, PATIENCE).join().resultOrThrow();
    }
    assertThat(node.takeSnapshot(PATIENCE).join()).isInstanceOf(SnapshotOutcome.Taken.class);
  }

  /** How long a text is at a node that has everything that was committed before. */
  static int length(RaftNode node, String key) {
    byte[] value = node.read(KeyValueStore.get(key), PATIENCE).join().value();
    return KeyValueStore.value(value).orElse("").length();
  }

  /** What all members share, once the node has applied that. */
  static GroupSettings settings(RaftNode node) {
    until("the settings", () -> node.status().settings().isPresent());
    return node.status().settings().orElseThrow();
  }

  static void until(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        fail("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  @Override
  public void close() {
    running.values().forEach(RaftNode::closeAsync);
    running.values().forEach(RaftNode::close);
  }
}
