package dev.quorate.examples.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot that is longer than a node's whole memory is taken, sent and installed, by three
 * processes of 64 MiB. It has 96 MiB here, and a gigabyte if one asks for it:
 *
 * <pre>
 * ./mvnw -pl examples -am test -Dtest=BigSnapshotTest -Dquorate.snapshot.mib=1024 \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class BigSnapshotTest {

  private static final List<String> IDS = List.of("n1", "n2", "n3");
  private static final long NUMBERS =
      Integer.getInteger("quorate.snapshot.mib", 96) * ((1L << 20) / Long.BYTES);

  @TempDir Path directory;

  private final Map<String, BigNodeProcess> running = new TreeMap<>();

  @AfterEach
  void endAll() {
    running.values().forEach(BigNodeProcess::close);
  }

  private void start(String id, String nodes) throws IOException {
    running.put(id, new BigNodeProcess(id, nodes, directory.resolve(id)));
  }

  private String ask(String id, String line) throws IOException {
    return running.get(id).ask(line);
  }

  @Test
  void memoryDoesNotBoundASnapshot() throws IOException {
    String nodes = nodesOnFreePorts();
    for (String id : IDS) {
      start(id, nodes);
    }
    assertThat(ask("n1", "set 1 10")).isEqualTo("1 10");
    assertThat(ask("n3", "get")).isEqualTo("1 10");
    running.remove("n3").close();
    assertThat(ask("n1", "set 42 " + NUMBERS)).isEqualTo("42 " + NUMBERS);
    for (String id : List.of("n1", "n2")) {
      assertThat(ask(id, "get")).isEqualTo("42 " + NUMBERS);
      assertThat(ask(id, "snapshot")).startsWith("Taken");
    }

    start("n3", nodes);

    assertThat(ask("n3", "get")).as("fetched, installed and restored").isEqualTo("42 " + NUMBERS);
    assertThat(ask("n3", "status")).doesNotContain("snapshotIndex=0,");
    running.remove("n2").close();
    start("n2", nodes);
    assertThat(ask("n2", "get")).as("restored at its start").isEqualTo("42 " + NUMBERS);
  }

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
