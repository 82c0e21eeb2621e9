package dev.quorate.raft.tools;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftNodeBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three nodes over real sockets and real files, in one process. */
public final class Cluster implements AutoCloseable {

  public static final List<String> IDS = List.of("n1", "n2", "n3");
  public static final String NAME = "tools-test";

  private static final int MAX_TRIES = 100;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final String nodes;
  private final Map<String, RaftNode> running = new TreeMap<>();

  private Cluster(Path directory, String nodes) {
    this.directory = directory;
    this.nodes = nodes;
  }

  /** Three new nodes, with their data below a directory. */
  public static Cluster start(Path directory) throws IOException {
    return over(directory, nodesOnFreePorts());
  }

  /** The nodes in a directory that was made for them. */
  public static Cluster over(Path directory, String nodes) throws IOException {
    Cluster cluster = new Cluster(directory, nodes);
    for (String id : IDS) {
      cluster.start(id);
    }
    return cluster;
  }

  /** Free ports, all held at the same time so that they differ. */
  public static String nodesOnFreePorts() throws IOException {
    try (ServerSocket first = free();
        ServerSocket second = free();
        ServerSocket third = free()) {
      return "n1=127.0.0.1:%d,n2=127.0.0.1:%d,n3=127.0.0.1:%d"
          .formatted(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
    }
  }

  /**
   * Below the ports that systems give to connections, of which one could get it while a node is
   * between two of its lives.
   */
  private static ServerSocket free() throws IOException {
    for (int tries = 1; ; tries++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  /** Starts a node on what its directory holds. */
  public RaftNode start(String id) throws IOException {
    return start(Raft.node(id).cluster(NAME, nodes), id);
  }

  /** Starts a node on an empty directory; it waits until the others let it in. */
  public RaftNode join(String id) throws IOException {
    Map<Boolean, List<String>> isIt =
        Stream.of(nodes.split(",")).collect(Collectors.partitioningBy(n -> n.startsWith(id)));
    Address own = Address.parse(isIt.get(true).get(0).substring(id.length() + 1));
    return start(Raft.node(id).join(NAME, String.join(",", isIt.get(false)), own), id);
  }

  private RaftNode start(RaftNodeBuilder builder, String id) throws IOException {
    RaftNode node =
        builder
            .stateMachine(new Journal())
            .dataDirectory(directory(id))
            .setting("raft.storage.file.segment-bytes", "4KiB")
            .setting("raft.max-command-bytes", "1KiB")
            .setting("raft.snapshot.tail-entries", "0")
            .start();
    running.put(id, node);
    return node;
  }

  /** Lets a node that joined in; waits until it votes. */
  public void letIn(String id, String newcomer) {
    NodeId node = NodeId.of(newcomer);
    MembershipOutcome outcome = null;
    // It is not known before it has asked.
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      outcome = running.get(id).membership().addMember(node, PATIENCE).join();
      if (outcome instanceof MembershipOutcome.Changed) {
        return;
      }
    }
    throw new AssertionError(outcome);
  }

  public Path directory(String id) {
    return directory.resolve(id);
  }

  /** Submits a command on a node and waits until it is applied. */
  public void submit(String id, String command) {
    Outcome outcome =
        running.get(id).submit(command.getBytes(StandardCharsets.UTF_8), PATIENCE).join();
    outcome.resultOrThrow();
  }

  /** What was applied, as a node reads it. */
  public String read(String id) {
    return new String(
        running.get(id).read(new byte[0], PATIENCE).join().value(), StandardCharsets.UTF_8);
  }

  /** Lets a node take a snapshot, and drop its log up to there. */
  public void snapshot(String id) {
    SnapshotOutcome outcome = running.get(id).takeSnapshot(PATIENCE).join();
    if (!(outcome instanceof SnapshotOutcome.Taken)) {
      throw new AssertionError(outcome);
    }
  }

  public RaftNode node(String id) {
    return running.get(id);
  }

  public void stop(String id) {
    running.remove(id).close();
  }

  @Override
  public void close() {
    running.values().forEach(RaftNode::closeAsync);
    running.values().forEach(RaftNode::close);
    running.clear();
  }
}
