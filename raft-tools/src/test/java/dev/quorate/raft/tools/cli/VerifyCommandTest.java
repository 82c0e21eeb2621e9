package dev.quorate.raft.tools.cli;

import static dev.quorate.raft.api.storage.LogEntry.Type.COMMAND;
import static dev.quorate.raft.api.storage.LogEntry.Type.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.tools.Cluster;
import dev.quorate.raft.tools.Log;
import dev.quorate.raft.tools.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code raft verify} on the directories of a real cluster, whole and damaged in each way. */
class VerifyCommandTest {

  private static final int COMMANDS = 120;
  private static final String GROUP = "group-default/";

  @TempDir static Path nodes;
  @TempDir Path directory;

  private Path copy;

  @BeforeAll
  static void runACluster() throws IOException {
    try (Cluster cluster = Cluster.start(nodes)) {
      for (int i = 0; i < COMMANDS; i++) {
        cluster.submit("n2", "command " + i + " " + "x".repeat(50));
      }
    }
  }

  @BeforeEach
  void copyOne() throws IOException {
    copy = Tree.copy(nodes.resolve("n1"), directory.resolve("copy"));
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> all = Files.list(copy.resolve(GROUP))) {
      return all.filter(file -> file.toString().endsWith(".wal")).sorted().toList();
    }
  }

  private Path last() throws IOException {
    List<Path> all = segments();
    return all.get(all.size() - 1);
  }

  private static long end(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int at = bytes.length;
    while (bytes[at - 1] == 0) {
      at--;
    }
    return at;
  }

  private Run damaged(String kind, String... words) throws IOException {
    Run run = verified();
    assertThat(run.exit()).as(run.toString()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run.said("damage"))
        .as("%s", run.lines())
        .filteredOn(line -> line.contains(" kind=" + kind + " "))
        .singleElement()
        .asString()
        .contains(words);
    return run;
  }

  /** Verifies, and shows that this changes nothing. */
  private Run verified() throws IOException {
    Map<String, String> before = Tree.bytes(copy);
    Run run = Run.of("verify", copy);
    assertThat(Tree.bytes(copy)).isEqualTo(before);
    return run;
  }

  @Test
  void whatNodesLeaveIsSound() {
    for (String id : Cluster.IDS) {
      Run run = Run.of("verify", nodes.resolve(id));
      assertThat(run.exit()).as(run.toString()).isZero();
      assertThat(run.lines()).containsExactly("sound          group=default");
    }
  }

  @Test
  void aNodeThatWasKilledLeavesWhatIsSound() throws IOException {
    Path data = directory.resolve("data");
    try (Cluster cluster = Cluster.start(data)) {
      for (int i = 0; i < 30; i++) {
        cluster.submit("n1", "command " + i);
        copyRunning(data.resolve("n1"), directory.resolve("killed" + i));
      }
    }
    for (int i = 0; i < 30; i++) {
      Run run = Run.of("verify", directory.resolve("killed" + i));
      assertThat(run.said("damage")).as("%s", run).isEmpty();
      assertThat(run.exit()).isZero();
    }
  }

  /**
   * Copies what a kill might leave, which is of one moment. A copy is made file by file, and the
   * watermark must not be of a later moment than the segments: it would speak of batches that were
   * written between.
   */
  private static void copyRunning(Path from, Path to) throws IOException {
    byte[] watermark = Files.readAllBytes(from.resolve(GROUP + "watermark"));
    Tree.copy(from, to);
    Files.write(to.resolve(GROUP + "watermark"), watermark);
  }

  @Test
  void everyFlippedBitOfWhatCountsIsFound() throws IOException {
    Random random = new Random(4711);
    List<Path> files = new java.util.ArrayList<>(segments());
    files.add(copy.resolve("identity"));
    files.add(copy.resolve(GROUP + "watermark"));
    for (int i = 0; i < 150; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] whole = Files.readAllBytes(file);
      byte[] flipped = whole.clone();
      long end = file.toString().endsWith(".wal") ? end(file) : whole.length;
      int at = (int) (random.nextDouble() * end);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);

      Run run = Run.of("verify", copy);

      assertThat(run.exit()).as("%s, byte %s: %s", file, at, run).isEqualTo(ExitCode.DAMAGED);
      Files.write(file, whole);
    }
    assertThat(Run.of("verify", copy).exit()).isZero();
  }

  @Test
  void damageInAFinishedSegment() throws IOException {
    Path file = segments().get(1);
    Tree.flip(file, 2000);

    damaged(
        "log", file + ", offset ", "a batch in a finished segment is damaged", "wipe this node's");
  }

  @Test
  void damageBehindDamageIsFoundToo() throws IOException {
    Tree.flip(segments().get(0), 2000);
    Tree.flip(segments().get(1), 2000);
    Tree.flip(segments().get(2), 2000);
    Tree.flip(copy.resolve(GROUP + "watermark"), 9);

    damaged("log", segments().get(0).toString());
    damaged("segment", segments().get(1).toString());
    damaged("watermark", "the watermark cannot be understood");
    assertThat(verified().said("more")).containsExactly("more           kind=segment offences=1");
  }

  @Test
  void damageInTheLastForce() throws IOException {
    Tree.flip(last(), end(last()) - 1);

    damaged("log", last() + ", offset ", "a batch is damaged that was forced");
  }

  @Test
  void damageInAHeader() throws IOException {
    Tree.flip(segments().get(1), 20);

    damaged("log", segments().get(1) + ", offset 0: this is no segment header");
    assertThat(Run.of("dump", copy).said("record"))
        .as("what is before it can be read all the same")
        .anyMatch(line -> line.contains(" segment=1 "));
  }

  @Test
  void segmentsThatAreMissing() throws IOException {
    Path file = segments().get(1);
    Files.move(file, directory.resolve("aside"));
    damaged("log", file.toString(), "the segment is missing");
    Files.move(directory.resolve("aside"), file);

    Path last = last();
    Files.move(last, directory.resolve("aside"));
    damaged("log", last.toString(), "a segment to which entries were forced is missing");
  }

  @Test
  void aSegmentThatALossOfPowerBroughtBackDoesNotCount() throws IOException {
    copy = directory.resolve("crafted");
    byte[] old;
    try (Log log = Log.open(copy)) {
      log.write(Log.term(3));
      for (int i = 1; i < 9; i++) {
        log.write(Log.entry(COMMAND, i, 1, 1000)).force();
      }
      old = Files.readAllBytes(segments().get(0));
      log.write(new WriteRecord.InstallSnapshot(log.snapshot(10, 2, 100)));
      for (int i = 11; i < 16; i++) {
        log.write(Log.entry(COMMAND, i, 3, 1000)).force();
      }
    }
    assertThat(segments()).noneMatch(file -> file.endsWith("0000000002.wal"));
    old[3000] ^= 1;
    Files.write(copy.resolve(GROUP + "0000000001.wal"), old);

    assertThat(verified().exit()).isZero();
  }

  @Test
  void aTornTailIsNoDamage() throws IOException {
    long end = end(last());
    byte[] bytes = Files.readAllBytes(last());
    Arrays.fill(bytes, (int) end + 100, (int) end + 140, (byte) 0x5a);
    Files.write(last(), bytes);

    Run run = verified();

    assertThat(run.exit()).isZero();
    assertThat(run.said("note"))
        .singleElement()
        .asString()
        .contains("kind=torn-tail " + last() + ", offset " + end, "the next start cuts it");
  }

  @Test
  void whatWasNotForcedIsSaid() throws IOException {
    try (Log log = Log.open(copy)) {
      long next = log.lastIndex() + 1;
      long term = log.hardState().term();
      log.write(Log.entry(COMMAND, next, term, 10));
      Path killed = Tree.copy(copy, directory.resolve("killed"));

      Run run = Run.of("verify", killed);

      assertThat(run.exit()).isZero();
      assertThat(run.said("note")).singleElement().asString().contains("kind=not-proven ");
    }
  }

  @Test
  void theIdentity() throws IOException {
    Path file = copy.resolve("identity");
    Tree.flip(file, 9);
    damaged("identity", file + ", offset 0: this is no identity, or its checksum is wrong");

    Files.delete(file);
    damaged("identity", "the identity is missing although group-default is there");
  }

  @Test
  void whatOnlyAProgramAtFaultWrites() throws IOException {
    copy = directory.resolve("crafted");
    try (Log log = Log.open(copy)) {
      log.write(Log.vote(5, "n1"), Log.entry(CONFIGURATION, 1, 5, 3));
      log.write(Log.vote(5, "n2"));
      log.write(Log.entry(COMMAND, 2, 9, 10), Log.entry(COMMAND, 3, 4, 10));
      log.write(new WriteRecord.Truncate(3), Log.entry(COMMAND, 3, 9, 10));
      log.write(Log.term(4)).force();
    }

    Run run = damaged("hard-state", "the node votes twice in term 5", "the program that wrote it");
    assertThat(run.said("more")).containsExactly("more           kind=hard-state offences=3");
    damaged("term", "entry 3 is of term 4, behind one of term 9");
    damaged("configuration", "the configuration in entry 1 cannot be read");
  }

  @Test
  void aSnapshotsContent() throws IOException {
    copy = directory.resolve("crafted");
    try (Log log = Log.open(copy)) {
      log.write(Log.term(1), Log.entry(COMMAND, 1, 1, 10)).force();
      log.snapshot(1, 1, 100_000);
    }
    assertThat(verified().exit()).isZero();
    Path file;
    try (Stream<Path> all = Files.list(copy.resolve(GROUP + "snapshots"))) {
      file = all.findFirst().orElseThrow();
    }
    assertThat(Run.of("dump", copy).said("snapshot"))
        .singleElement()
        .asString()
        .contains("index=1 term=1 bytes=100", " boot=0000000000000063 hash=");

    Tree.flip(file, 90_000);
    damaged("snapshot", file + ", offset ", "the checksum of a chunk is wrong");

    Tree.flip(file, 90_000);
    Tree.flip(file, 10);
    damaged("snapshot", file + ", offset 0");
    assertThat(Run.of("dump", copy).said("damage")).hasSize(1);
  }

  @Test
  void aLogThatNeedsASnapshotThatIsNotThere() throws IOException {
    copy = directory.resolve("crafted");
    try (Log log = Log.open(copy)) {
      log.write(Log.term(3), Log.entry(COMMAND, 1, 1, 10)).force();
      log.write(new WriteRecord.InstallSnapshot(log.snapshot(10, 2, 100)));
      log.force();
    }
    assertThat(verified().exit()).isZero();
    try (Stream<Path> all = Files.list(copy.resolve(GROUP + "snapshots"))) {
      Files.delete(all.findFirst().orElseThrow());
    }

    damaged("no-snapshot", "the log begins behind entry 10");
  }

  @Test
  void aNewerVersionIsNoDamage() throws IOException {
    byte[] bytes = Files.readAllBytes(segments().get(0));
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putShort(12, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 8, buffer.getInt(8) - 8);
    buffer.putInt(4, (int) crc.getValue());
    Files.write(segments().get(0), bytes);

    Run run = verified();

    assertThat(run.exit()).isEqualTo(ExitCode.CANNOT_READ);
    assertThat(run.errors()).contains("has format 2, and this program knows only 1");
  }
}
