package dev.quorate.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes over real sockets and real files, in one process. */
class CounterTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> IDS = List.of("n1", "n2", "n3");

  @TempDir Path directory;

  private final Map<String, RaftNode> running = new TreeMap<>();
  private String nodes;

  @BeforeEach
  void startAll() throws IOException {
    nodes = nodesOnFreePorts();
    for (String id : IDS) {
      start(id);
    }
  }

  @AfterEach
  void closeAll() {
    running.values().forEach(RaftNode::closeAsync);
    running.values().forEach(RaftNode::close);
  }

  @Test
  void everyNodeCountsAndReadsTheSame() {
    assertThat(IDS.stream().map(id -> add(id, 10))).containsExactly(10L, 20L, 30L);
    assertThat(IDS.stream().map(this::read)).containsExactly(30L, 30L, 30L);
  }

  @Test
  void aRestartedNodeHasCaughtUpWhenItAnswers() throws IOException {
    add("n1", 1);
    String follower = IDS.stream().filter(id -> !id.equals(leader("n1"))).findFirst().orElseThrow();
    stop(follower);
    String other = running.keySet().iterator().next();
    add(other, 2);

    start(follower);

    assertThat(read(follower)).isEqualTo(3);
    assertThat(add(follower, 4)).isEqualTo(7);
    assertThat(IDS.stream().map(this::read)).containsExactly(7L, 7L, 7L);
  }

  @Test
  void theOthersGoOnWithoutTheirLeader() throws IOException {
    add("n1", 1);
    String first = leader("n1");

    stop(first);

    for (String id : running.keySet()) {
      assertThat(leaderOtherThan(first, id)).isNotEqualTo(first);
    }
    long sum = 1;
    for (String id : running.keySet()) {
      sum += 10;
      assertThat(add(id, 10)).isEqualTo(sum);
    }
    start(first);
    assertThat(read(first)).isEqualTo(sum);
  }

  @Test
  void allRememberTheCountWhenAllWereClosed() throws IOException {
    add("n2", 42);
    IDS.forEach(this::stop);
    for (String id : IDS) {
      start(id);
    }

    assertThat(IDS.stream().map(this::read)).containsExactly(42L, 42L, 42L);
  }

  private void start(String id) throws IOException {
    running.put(
        id,
        Raft.node(id)
            .cluster("counters", nodes)
            .stateMachine(new Counter())
            .dataDirectory(directory.resolve(id))
            .start());
  }

  private void stop(String id) {
    running.remove(id).close();
  }

  private long add(String id, long number) {
    Outcome outcome = running.get(id).submit(Counter.bytes(number), PATIENCE).join();
    return ByteBuffer.wrap(outcome.resultOrThrow()).getLong();
  }

  private long read(String id) {
    return ByteBuffer.wrap(running.get(id).read(new byte[0], PATIENCE).join().value()).getLong();
  }

  /** The leader that a node knows, as soon as it knows one. */
  private String leader(String id) {
    return leaderOtherThan("none", id);
  }

  private String leaderOtherThan(String former, String id) {
    CompletableFuture<String> known = new CompletableFuture<>();
    RaftListener listener =
        new RaftListener() {
          @Override
          public void onLeaderChanged(Optional<NodeId> leader, long term) {
            leader
                .map(NodeId::value)
                .filter(name -> !name.equals(former))
                .ifPresent(known::complete);
          }
        };
    try (RaftNode.Registration registration = running.get(id).addListener(listener)) {
      assertThat(registration).isNotNull();
      return known.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  /** Free ports, all held at the same time so that they differ. */
  private static String nodesOnFreePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> listed = new ArrayList<>();
    try {
      for (String id : IDS) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        listed.add(id + "=127.0.0.1:" + socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return String.join(",", listed);
  }
}
