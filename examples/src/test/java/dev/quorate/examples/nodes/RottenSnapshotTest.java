package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leader's snapshot that was whole when it was taken is not any more when a peer needs it. */
@Timeout(120)
class RottenSnapshotTest {

  private static final Settings NO_TAIL = Settings.empty().with("raft.snapshot.tail-entries", "0");
  private static final int LENGTH = 300_000;

  @TempDir private Path directory;

  /**
   * Nothing is committed after the snapshot: the one in its place is of the same index, of the same
   * state, and has the same id.
   */
  @Test
  void anotherOneTakesItsPlaceAndBringsThePeerOn() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(NO_TAIL, "n1", "n2", "n3");
      until("a leader", () -> leads(nodes, "n1", "n2", "n3").count() == 1);
      String leader = leads(nodes, "n1", "n2", "n3").findFirst().orElseThrow();
      String away = leader.equals("n3") ? "n2" : "n3";
      nodes.stop(away);
      nodes.fill(nodes.node(leader), 2, LENGTH);
      RaftNode node = nodes.node(leader);
      until("the snapshot in the status", () -> node.status().snapshotIndex() > 0);
      long index = node.status().snapshotIndex();
      flipAByte(snapshotOf(leader));

      nodes.start(away, NO_TAIL);
      until("the snapshot", () -> nodes.node(away).status().snapshotIndex() == index);
      assertThat(RealNodes.length(nodes.node(away), "key1")).isEqualTo(LENGTH);
      assertThat(node.status().snapshotIndex()).isEqualTo(index);
      assertThat(node.recentEvents())
          .extracting(NodeEvent::message)
          .contains("the snapshot of index " + index + " is damaged");
      assertThat(node.takeSnapshot(PATIENCE).join()).isInstanceOf(SnapshotOutcome.Taken.class);
      nodes.stop(leader);
      nodes.start(leader, NO_TAIL);
      assertThat(RealNodes.length(nodes.node(leader), "key1")).isEqualTo(LENGTH);
    }
  }

  private static Stream<String> leads(RealNodes nodes, String... ids) {
    return Stream.of(ids).filter(id -> nodes.node(id).status().role() == Role.LEADER);
  }

  private Path snapshotOf(String node) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(node))) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".snap")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  private static void flipAByte(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      long middle = channel.size() / 2;
      channel.read(one, middle);
      one.put(0, (byte) ~one.get(0));
      channel.write(one.flip(), middle);
    }
  }
}
