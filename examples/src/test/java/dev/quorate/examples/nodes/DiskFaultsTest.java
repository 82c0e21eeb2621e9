package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.until;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeHealth.Finding;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fill up and disks that fail, under nodes that run: a file system of their own. */
@Timeout(180)
class DiskFaultsTest {

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  @TempDir private Path directory;

  private final List<String> acknowledged = new ArrayList<>();
  private int written;

  /** Writes through whatever node, and remembers what was acknowledged. */
  private Outcome put(RaftNode node) {
    String key = "key" + written++;
    Outcome outcome = node.submit(KeyValueStore.put(key, "x".repeat(10_000)), DEADLINE).join();
    if (outcome instanceof Outcome.Applied) {
      acknowledged.add(key);
    }
    return outcome;
  }

  private void assertNothingIsLost(RaftNode node) {
    for (String key : acknowledged) {
      assertThat(RealNodes.length(node, key)).as(key).isEqualTo(10_000);
    }
  }

  private static boolean finds(RaftNode node, NodeHealth.Kind kind) {
    return node.health().findings().stream().map(Finding::kind).anyMatch(kind::equals);
  }

  private static boolean leads(RealNodes nodes, String id) {
    return nodes.node(id).transferLeadership(nodes.node(id).id(), DEADLINE).join()
            instanceof TransferOutcome.Transferred
        || nodes.all().stream()
            .map(node -> node.transferLeadership(nodes.node(id).id(), DEADLINE).join())
            .anyMatch(TransferOutcome.Transferred.class::isInstance);
  }

  /**
   * Rule P5: others have space, so that one of them leads; there is space again, and all is well.
   */
  @Test
  void aLeaderWhoseDiskIsFullHandsOverAndComesBackByItself() throws IOException {
    try (SmallDisk small = SmallDisk.inMemory(directory.resolve("n1"), 24);
        RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode n1 = nodes.node("n1");
      assertThat(put(n1)).isInstanceOf(Outcome.Applied.class);
      until("the first to lead", () -> leads(nodes, "n1"));

      small.fill();
      until(
          "another leader, while commands come",
          () -> {
            Outcome outcome = put(n1);
            if (outcome instanceof Outcome.Rejected rejected) {
              assertThat(rejected.reason())
                  .isIn(RejectReason.NO_SPACE, RejectReason.TRANSFERRING, RejectReason.NO_LEADER);
            }
            return n1.status().role() != Role.LEADER && nodes.findLeader().isPresent();
          });
      assertThat(finds(n1, NodeHealth.Kind.NO_SPACE)).isTrue();
      assertThat(n1.health().isLive()).isTrue();
      until("commands by the others", () -> put(n1) instanceof Outcome.Applied);
      assertThat(n1.status().condition()).isInstanceOf(NodeCondition.Working.class);

      small.empty();
      until("space", () -> !finds(n1, NodeHealth.Kind.NO_SPACE));
      until("the first to lead again", () -> leads(nodes, "n1"));
      until("commands of the first", () -> put(n1) instanceof Outcome.Applied);
      for (RaftNode node : nodes.all()) {
        assertNothingIsLost(node);
      }
    }
  }

  /** All disks are full: commands are refused with the reason, reads go on, and nothing is lost. */
  @Test
  void whereEveryDiskIsFullCommandsAreRefusedAndReadsAreNot() throws IOException {
    try (SmallDisk small = SmallDisk.inMemory(directory, 64);
        RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode n2 = nodes.node("n2");
      assertThat(put(n2)).isInstanceOf(Outcome.Applied.class);

      small.fill();
      until(
          "a refusal",
          () ->
              put(n2) instanceof Outcome.Rejected rejected
                  && rejected.reason() == RejectReason.NO_SPACE);
      assertNothingIsLost(n2);
      assertThat(nodes.all()).allMatch(node -> node.health().isLive());

      small.empty();
      until("commands", () -> put(n2) instanceof Outcome.Applied);
      for (RaftNode node : nodes.all()) {
        assertNothingIsLost(node);
      }
    }
  }

  /**
   * A disk that has promised more than there is: its journal breaks, and what is written fails from
   * then on. Rule P4: what was not forced may be lost although a later force would succeed (Rebello
   * et al., Can Applications Recover from fsync Failures?, 2020), so that the node takes no part
   * any more.
   */
  @Test
  void aLeaderWhoseDiskFailsServesNoLongerAndSaysWhy() throws IOException {
    try (SmallDisk broken = SmallDisk.overcommitted(directory.resolve("n1"), 24);
        RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode n1 = nodes.node("n1");
      assertThat(put(n1)).isInstanceOf(Outcome.Applied.class);
      until("the first to lead", () -> leads(nodes, "n1"));

      broken.fill();
      until(
          "a node that is degraded, while commands come",
          () -> {
            put(n1);
            return n1.status().condition() instanceof NodeCondition.Degraded;
          });
      NodeCondition.Degraded condition = (NodeCondition.Degraded) n1.status().condition();
      assertThat(condition.message()).contains("writing the log failed");
      assertThat(n1.health().isLive()).isFalse();
      assertThat(put(n1))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(RejectReason.DEGRADED));
      assertThat(n1.read(KeyValueStore.get("key0"), DEADLINE).join())
          .isInstanceOfSatisfying(
              ReadOutcome.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(RejectReason.DEGRADED));

      RaftNode n2 = nodes.node("n2");
      until("a leader among the others", () -> put(n2) instanceof Outcome.Applied);
      assertNothingIsLost(n2);
      assertNothingIsLost(nodes.node("n3"));
    }
  }

  /**
   * Sectors that were lost while the node was away: it says so instead of not starting, the others
   * serve, and when the disk gives them back all is well.
   */
  @Test
  void aNodeWhoseLogCannotBeReadAtItsStartSaysWhyAndDoesNothing() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode n1 = nodes.node("n1");
      assertThat(put(n1)).isInstanceOf(Outcome.Applied.class);
      until("its log", () -> nodes.node("n3").status().commitIndex() > 0);
      nodes.stop("n3");
      Path group = directory.resolve("n3").resolve("group-default");
      Path segment = group.resolve("0000000001.wal");
      Map<Path, byte[]> files = new TreeMap<>();
      try (DirectoryStream<Path> all = Files.newDirectoryStream(group)) {
        for (Path file : all) {
          files.put(file, Files.readAllBytes(file));
        }
      }
      try (SmallDisk brittle = SmallDisk.brittle(group, 64)) {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
          Files.write(file.getKey(), file.getValue(), CREATE, WRITE, DSYNC);
        }
        brittle.loseFrom(segment);
        assertSaysThatItCannotRead(segment, nodes.start("n3", Settings.empty()));
        until("commands by the others", () -> put(n1) instanceof Outcome.Applied);
        assertSaysThatItCannotRead(segment, nodes.node("n3"));
        nodes.stop("n3");
        assertSaysThatItCannotRead(segment, nodes.start("n3", Settings.empty()));
        nodes.stop("n3");
      }
      RaftNode n3 = nodes.start("n3", Settings.empty());
      until("its part in the cluster", () -> n3.health().isReady());
      assertNothingIsLost(n3);
    }
  }

  private static void assertSaysThatItCannotRead(Path segment, RaftNode node) {
    assertThat(node.health().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(NodeHealth.Kind.DAMAGED);
              assertThat(finding.message())
                  .contains("cannot read " + segment + ", offset 0: ")
                  .contains("start the node again");
            });
    assertThat(node.health().isLive()).isTrue();
    assertThat(node.status().term()).as("it never took part").isZero();
  }
}
