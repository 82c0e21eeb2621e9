package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state machine whose state lies in files, with snapshots that are captured by hard links. */
@Timeout(180)
class DirectoryStateTest {

  private static final Settings NO_TAIL = Settings.empty().with("raft.snapshot.tail-entries", "0");
  private static final NodeId N2 = NodeId.of("n2");

  @TempDir private Path directory;

  private static String put(RaftNode node, String name, String text) {
    byte[] command = (name + "=" + text).getBytes(StandardCharsets.UTF_8);
    return string(node.submit(command, PATIENCE).join().resultOrThrow());
  }

  private static String get(RaftNode node, String name) {
    byte[] query = name.getBytes(StandardCharsets.UTF_8);
    return string(node.read(query, PATIENCE).join().value());
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void snapshot(RaftNode node) {
    assertThat(node.takeSnapshot(PATIENCE).join()).isInstanceOf(SnapshotOutcome.Taken.class);
  }

  @Test
  void itIsRestoredAtARestartAndFetchedByANewcomer() throws IOException {
    Path states = directory.resolve("states");
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2")) {
      nodes.with((id, builder) -> builder.stateMachine(new TextFiles(states.resolve(id))));
      nodes.found(NO_TAIL, "n1");
      for (int i = 0; i < 50; i++) {
        assertThat(put(nodes.node("n1"), "file" + i, "text" + i)).isEmpty();
      }
      assertThat(put(nodes.node("n1"), "file7", "another")).isEqualTo("text7");
      snapshot(nodes.node("n1"));
      assertThat(put(nodes.node("n1"), "file8", "later")).isEqualTo("text8");

      nodes.stop("n1");
      RaftNode n1 = nodes.start("n1", NO_TAIL);
      assertThat(get(n1, "file7")).isEqualTo("another");
      assertThat(get(n1, "file8")).as("applied again behind the snapshot").isEqualTo("later");

      snapshot(n1);
      RaftNode n2 = nodes.start("n2", NO_TAIL);
      assertThat(n1.membership().addMember(N2, PATIENCE).join())
          .isInstanceOf(MembershipOutcome.Changed.class);
      until("its snapshot", () -> n2.status().snapshotIndex() > 0);
      for (int i = 9; i < 50; i++) {
        assertThat(get(n2, "file" + i)).isEqualTo("text" + i);
      }
      assertThat(get(n2, "file8")).isEqualTo("later");
      assertThat(put(n2, "file49", "from the newcomer")).isEqualTo("text49");
      assertThat(get(n1, "file49")).isEqualTo("from the newcomer");
    }
  }
}
