package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.engine.Raft;
import dev.quorate.raft.engine.RaftHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails, or gives a file back no more, while a node starts. */
@Timeout(180)
class FailedOpeningTest {

  private static final String GROUP = "group-default";

  private final LogRecords records = new LogRecords();

  @TempDir private Path directory;

  @AfterEach
  void listenNoMore() {
    records.close();
  }

  private static void put(RaftNode node, String key) {
    node.submit(KeyValueStore.put(key, key), PATIENCE).join().resultOrThrow();
  }

  private static NodeCondition.Degraded degraded(RaftNode node) {
    until("the fault", () -> node.status().condition() instanceof NodeCondition.Degraded);
    return (NodeCondition.Degraded) node.status().condition();
  }

  private static void assertServesNothing(RaftNode node, NodeHealth.Kind why) {
    assertThat(node.health().findings()).extracting(NodeHealth.Finding::kind).containsExactly(why);
    assertThat(node.submit(KeyValueStore.put("no", "no"), PATIENCE).join())
        .isInstanceOf(Outcome.Rejected.class);
  }

  private RaftHost host(String list) throws IOException {
    return Raft.host("n1")
        .cluster(RealNodes.CLUSTER, list)
        .dataDirectory(directory.resolve("n1"))
        .start();
  }

  private static RaftNode start(RaftHost host, String group) throws IOException {
    return host.group(group).stateMachine(new KeyValueStore()).members("n1").start();
  }

  /**
   * A file system that has given itself up forces nothing any more. That one group lies on a disk
   * of its own is for the test, which needs the others to be opened before and after it.
   */
  @Test
  void aForceThatFailsEndsAllGroupsOfTheHostAndIsToldOnce() throws IOException {
    try (RealNodes ports = new RealNodes(directory, "n1")) {
      String list = "n1=" + ports.address("n1");
      Path group = directory.resolve("n1").resolve("group-failed");
      host(list).close();
      try (SmallDisk disk = SmallDisk.journaled(group, 80)) {
        try (RaftHost host = host(list)) {
          for (String name : List.of("open", "failed", "late")) {
            put(start(host, name), "before");
          }
        }
        disk.giveUp();
        try (RaftHost host = host(list)) {
          RaftNode open = start(host, "open");
          put(open, "after");
          RaftNode failed = start(host, "failed");
          RaftNode late = start(host, "late");
          String reason = "cannot force " + group + ": ";
          for (RaftNode node : List.of(open, failed, late)) {
            assertThat(degraded(node).fault()).isEqualTo(NodeCondition.Fault.HALTED);
            assertThat(degraded(node).message()).contains(reason);
            assertServesNothing(node, NodeHealth.Kind.HALTED);
          }
          assertThat(host.groups()).containsOnlyKeys("open", "failed", "late");
          assertThat(records.with("is degraded: "))
              .hasSize(3)
              .allMatch(line -> line.getLevel().equals(Level.SEVERE))
              .filteredOn(line -> line.getThrown() != null)
              .singleElement()
              .satisfies(
                  line -> {
                    assertThat(line.getThrown()).isInstanceOf(StorageFailedException.class);
                    assertThat(line.getMessage()).contains("group failed is degraded");
                  });
        }
        disk.mountAgain();
        try (RaftHost host = host(list)) {
          for (String name : List.of("open", "failed", "late")) {
            assertThat(RealNodes.length(start(host, name), "before")).isEqualTo(6);
          }
          assertThat(RealNodes.length(host.groups().get("open"), "after")).isEqualTo(5);
        }
      }
    }
  }

  /** The file gets out of the system's reach: a link to itself, which cannot be followed. */
  private static void hide(Path file) throws IOException {
    Files.move(file, file.resolveSibling(file.getFileName() + ".hidden"));
    Files.createSymbolicLink(file, Objects.requireNonNull(file.getFileName()));
  }

  private static void show(Path file) throws IOException {
    Files.delete(file);
    Files.move(file.resolveSibling(file.getFileName() + ".hidden"), file);
  }

  @Test
  void aSegmentThatCannotBeOpenedIsNamedAndTheNextStartTriesAgain() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(Settings.empty(), "n1");
      put(nodes.node("n1"), "before");
      nodes.stop("n1");
      Path segment = directory.resolve("n1").resolve(GROUP).resolve("0000000001.wal");
      hide(segment);
      RaftNode node = nodes.start("n1", Settings.empty());
      assertThat(degraded(node).message())
          .contains("cannot open " + segment + ": Too many levels of symbolic links")
          .contains("start the node again");
      assertServesNothing(node, NodeHealth.Kind.DAMAGED);
      assertThat(records.with("cannot open " + segment)).hasSize(1);
      nodes.stop("n1");
      show(segment);
      assertThat(RealNodes.length(nodes.start("n1", Settings.empty()), "before")).isEqualTo(6);
    }
  }

  /** By index; those that are hidden are not among them. */
  private List<Path> snapshots() throws IOException {
    try (Stream<Path> files =
        Files.list(directory.resolve("n1").resolve(GROUP).resolve("snapshots"))) {
      return files
          .filter(file -> file.toString().endsWith(".snap"))
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }

  @Test
  void anOldSnapshotThatCannotBeOpenedIsSaidOnceAndGoesWithTime() throws IOException {
    Settings noTail = Settings.empty().with("raft.snapshot.tail-entries", "0");
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(noTail, "n1");
      nodes.fill(nodes.node("n1"), 1, 10);
      nodes.fill(nodes.node("n1"), 2, 10);
      nodes.stop("n1");
      List<Path> two = snapshots();
      assertThat(two).hasSize(2);
      hide(two.get(0));
      RaftNode node = nodes.start("n1", noTail);
      assertThat(RealNodes.length(node, "key1")).isEqualTo(10);
      assertThat(records.with(two.get(0).toString()))
          .singleElement()
          .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARNING));
      nodes.fill(node, 1, 10);
      assertThat(snapshots()).as("two are kept, and this one is older").hasSize(3);
      nodes.fill(node, 1, 10);
      until("its deletion", () -> !Files.isSymbolicLink(two.get(0)));
      assertThat(snapshots()).doesNotContain(two.get(0));
    }
  }

  @Test
  void theOnlySnapshotThatGoesWithTheLogIsNamed() throws IOException {
    Settings noTail =
        Settings.empty()
            .with("raft.snapshot.tail-entries", "0")
            .with("raft.max-command-bytes", "3100B")
            .with("raft.storage.file.segment-bytes", "8KiB");
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(noTail, "n1");
      nodes.fill(nodes.node("n1"), 10, 3_000);
      put(nodes.node("n1"), "behind the segments that are deleted");
      nodes.stop("n1");
      Path only = snapshots().get(0);
      hide(only);
      RaftNode node = nodes.start("n1", noTail);
      assertThat(degraded(node).message())
          .contains("no readable snapshot")
          .contains("cannot open " + only + ": Too many levels of symbolic links")
          .contains("start the node again");
      assertServesNothing(node, NodeHealth.Kind.DAMAGED);
      nodes.stop("n1");
      show(only);
      assertThat(RealNodes.length(nodes.start("n1", noTail), "key1")).isEqualTo(3_000);
    }
  }
}
