package dev.quorate.raft.tools;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Three nodes over real sockets and real files, in one process. */
public final class Cluster implements AutoCloseable {

  public static final List<String> IDS = List.of("n1", "n2", "n3");
  public static final String NAME = "tools-test";

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

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** Starts a node on what its directory holds. */
  public RaftNode start(String id) throws IOException {
    RaftNode node =
        Raft.node(id)
            .cluster(NAME, nodes)
            .stateMachine(new Journal())
            .dataDirectory(directory(id))
            .setting("raft.storage.file.segment-bytes", "4KiB")
            .setting("raft.max-command-bytes", "1KiB")
            .setting("raft.snapshot.tail-entries", "0")
            .start();
    running.put(id, node);
    return node;
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
