package dev.quorate.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.process.Java;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client outside of three processes, each of which in turn is stopped, so that it is connected
 * and silent, and then killed. Whoever leads is among them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledProcessesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> IDS = List.of("n1", "n2", "n3");
  private static final int BETWEEN = 20;

  @TempDir Path directory;

  private final Map<String, Process> running = new TreeMap<>();
  private final List<String> addresses = new ArrayList<>();
  private String nodes;
  private long count;

  @AfterEach
  void endAll() {
    for (Process process : running.values()) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "grpc"})
  void everythingIsCountedOnceWhoeverIsStoppedOrKilled(String transport) throws Exception {
    nodes = nodesOnFreePorts();
    for (String id : IDS) {
      start(id, transport);
    }
    try (RaftClient client =
        Raft.client("counters", String.join(",", addresses))
            .setting("raft.transport", transport)
            .start()) {
      Session session = client.openSession(PATIENCE).join().orThrow();
      count(session);
      for (String id : IDS) {
        signal("STOP", running.get(id));
        count(session);
        signal("CONT", running.get(id));
        count(session);
        running.get(id).destroyForcibly();
        running.remove(id).onExit().join();
        count(session);
        start(id, transport);
      }
      byte[] total = client.read(new byte[0], PATIENCE).join().value();
      assertThat(ByteBuffer.wrap(total).getLong()).isEqualTo(count);
      session.close();
    }
  }

  /** Counts on, and is told each number once and in its order. */
  private void count(Session session) {
    for (int i = 0; i < BETWEEN; i++) {
      Outcome outcome = session.submit(Counter.bytes(1), PATIENCE).join();
      assertThat(outcome).isInstanceOf(Outcome.Applied.class);
      assertThat(ByteBuffer.wrap(outcome.resultOrThrow()).getLong()).isEqualTo(++count);
    }
  }

  private void start(String id, String transport) throws IOException {
    Path home = Files.createDirectories(directory.resolve(transport));
    running.put(
        id,
        Java.process(List.of("-XX:TieredStopAtLevel=1"), CounterNode.class, id, nodes, transport)
            .directory(home.toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve(id + ".log").toFile()))
            .start());
  }

  private static void signal(String name, Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private String nodesOnFreePorts() throws IOException {
    List<String> listed = new ArrayList<>();
    List<ServerSocket> sockets = new ArrayList<>();
    for (String id : IDS) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
      listed.add(id + "=127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return String.join(",", listed);
  }
}
