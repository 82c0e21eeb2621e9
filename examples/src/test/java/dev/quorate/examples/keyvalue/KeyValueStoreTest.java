package dev.quorate.examples.keyvalue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of its own cluster, over real files. */
class KeyValueStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void commandsGiveWhatWasThereBefore() throws IOException {
    try (RaftNode node = start()) {
      assertThat(submit(node, KeyValueStore.put("a", "first"))).isEmpty();
      assertThat(submit(node, KeyValueStore.put("a", ""))).contains("first");
      assertThat(read(node, "a")).contains("");
      assertThat(submit(node, KeyValueStore.remove("a"))).contains("");
      assertThat(submit(node, KeyValueStore.remove("a"))).isEmpty();
      assertThat(read(node, "a")).isEmpty();
    }
  }

  @Test
  void aRestartGoesOnFromTheSnapshot() throws IOException {
    try (RaftNode node = start()) {
      submit(node, KeyValueStore.put("kept", "x".repeat(100_000)));
      submit(node, KeyValueStore.put("removed", ""));
      submit(node, KeyValueStore.remove("removed"));
      assertThat(node.takeSnapshot(PATIENCE).join()).isInstanceOf(SnapshotOutcome.Taken.class);
      submit(node, KeyValueStore.put("later", "after the snapshot"));
    }
    try (RaftNode node = start()) {
      assertThat(read(node, "kept")).contains("x".repeat(100_000));
      assertThat(read(node, "removed")).isEmpty();
      assertThat(read(node, "later")).contains("after the snapshot");
    }
  }

  @Test
  void whatItCouldNotReadIsRefusedAndStopsNothing() throws IOException {
    List<byte[]> senseless =
        List.of(
            new byte[0],
            new byte[] {3, 'k'},
            new byte[] {1, 0, 0},
            new byte[] {1, 0, 0, 0, 2, 'k'},
            new byte[] {1, -1, -1, -1, -1, 'k'});
    try (RaftNode node = start()) {
      for (byte[] command : senseless) {
        assertThat(node.submit(command, PATIENCE).join())
            .isInstanceOfSatisfying(
                Outcome.Rejected.class,
                rejected -> assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID));
      }
      assertThat(submit(node, KeyValueStore.put("k", "v"))).isEmpty();
      assertThat(read(node, "k")).contains("v");
    }
  }

  private RaftNode start() throws IOException {
    return Raft.node("n1")
        .cluster("texts", "n1=127.0.0.1:" + freePort())
        .stateMachine(new KeyValueStore())
        .dataDirectory(directory)
        .start();
  }

  private static Optional<String> submit(RaftNode node, byte[] command) {
    return KeyValueStore.value(node.submit(command, PATIENCE).join().resultOrThrow());
  }

  private static Optional<String> read(RaftNode node, String key) {
    return KeyValueStore.value(node.read(KeyValueStore.get(key), PATIENCE).join().value());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
