package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.disk.SimulatedCrash;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A crash at every single operation on the disk, and every kind of image that it may leave. */
@Tag("pitfall-6")
class CrashScheduleTest {

  private static final int IMAGES = 6;

  /** Runs until the crash, if there is one; a rig that was not even opened is an empty one. */
  private static Rig run(Disk disk, long seed, boolean snapshots) throws IOException {
    Rig[] rig = new Rig[1];
    try {
      rig[0] = Rig.open(disk);
      script(rig[0], seed, snapshots);
    } catch (SimulatedCrash e) {
      return rig[0];
    }
    return rig[0];
  }

  private static void script(Rig rig, long seed, boolean snapshots) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      rig.write(
          snapshots
              ? Batches.randomWithSnapshots(random, rig.contents.size(), rig.content(), 300)
              : Batches.random(random, rig.contents.size(), rig.content(), 300));
      if (i == 20) {
        rig.append(5000); // More than a segment.
      }
      if (i == 30 && snapshots) {
        long last = rig.content().lastIndex();
        rig.write(Batches.compact(last, rig.content().term(last)));
      }
      if (random.nextInt(3) == 0) {
        rig.force();
      }
    }
    rig.storage.close();
    rig.forced = rig.contents.size() - 1;
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "4, false", "5, true", "6, true"})
  void everyCrashLeavesAPrefixWithAllThatWasForced(long seed, boolean snapshots)
      throws IOException {
    Disk whole = new Disk();
    run(whole, seed, snapshots);
    int operations = whole.operations().size();
    assertThat(whole.operations()).anyMatch(name -> name.endsWith("0000000003.wal"));
    assertThat(whole.operations().stream().anyMatch(CrashScheduleTest::deletesASegment))
        .isEqualTo(snapshots);
    for (int at = 0; at < operations; at++) {
      for (int image = 0; image <= IMAGES; image++) {
        Disk disk = new Disk();
        disk.crashAt(at);
        Rig rig = run(disk, seed, snapshots);
        boolean killed = image == 0;
        Disk after = killed ? disk.killed() : disk.powerLost(image);
        checkImage(rig, after, killed, new Random(seed * 1000 + at * 10 + image));
      }
    }
  }

  private static boolean deletesASegment(String operation) {
    return operation.startsWith("delete ") && operation.endsWith(".wal");
  }

  private static void checkImage(Rig rig, Disk after, boolean killed, Random random)
      throws IOException {
    // A process that was killed loses nothing that it had written; the last batch may be under way.
    int contents = rig == null ? 1 : rig.contents.size();
    int atLeast = rig == null ? 0 : killed ? Math.max(0, contents - 2) : rig.forced;
    Disk disk = after;
    Content found = null;
    for (int crashes = random.nextInt(3); crashes > 0; crashes--) {
      // Opening crashes as well, and what is then left is again a prefix with all that was forced.
      disk.crashAt(random.nextInt(20));
      try {
        found = Rig.open(disk).content();
      } catch (SimulatedCrash e) {
        disk = random.nextBoolean() ? disk.killed() : disk.powerLost(random.nextLong());
        atLeast = rig == null ? 0 : Math.min(atLeast, rig.forced);
        continue;
      }
      break;
    }
    disk = found == null ? disk : disk.killed();
    Rig again = rig == null ? Rig.open(disk) : rig.reopen(disk, atLeast);
    if (found != null) {
      assertThat(found.mayBe(again.content())).isTrue();
    }
    if (rig == null) {
      assertThat(again.content()).isEqualTo(Content.EMPTY);
    }
    // What was read back is durable (P3), and the log goes on from there.
    Content readBack = again.content();
    Disk lost = disk.powerLost(random.nextLong());
    Rig third = Rig.open(lost);
    assertThat(third.content().mayBe(readBack)).isTrue();
    third.append(100);
    third.force();
    third.reopen(lost.powerLost(random.nextLong()), third.forced);
  }

  @Test
  void aCleanRunHoldsWhatWasWritten() throws IOException {
    Disk disk = new Disk();
    Rig rig = run(disk, 5, false);
    assertThat(rig.reopen(disk, rig.contents.size() - 1).content()).isEqualTo(rig.content());
  }
}
