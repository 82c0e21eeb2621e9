package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long random runs against the trivial model, reopened in every way in between. */
class RandomOperationsTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLogIsAlwaysWhatTheModelSays(boolean snapshots) throws IOException {
    int reopened = 0;
    int deleted = 0;
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      Disk disk = new Disk();
      Rig rig = Rig.open(disk);
      for (int step = 0; step < 400; step++) {
        int dice = random.nextInt(100);
        if (dice < 70) {
          rig.write(
              snapshots
                  ? Batches.randomWithSnapshots(random, rig.contents.size(), rig.content(), 200)
                  : Batches.random(random, rig.contents.size(), rig.content(), 200));
        } else if (dice < 90) {
          rig.force();
        } else if (dice < 96) {
          checkReads(rig, random);
        } else {
          int atLeast = rig.contents.size() - 1;
          deleted += deletions(disk);
          switch (random.nextInt(3)) {
            case 0 -> rig.storage.close();
            case 1 -> disk = disk.killed();
            default -> {
              disk = disk.powerLost(random.nextLong());
              atLeast = rig.forced;
            }
          }
          rig = rig.reopen(disk, atLeast);
          reopened++;
        }
      }
      rig.check();
    }
    assertThat(reopened).isGreaterThan(300);
    assertThat(deleted).isBetween(snapshots ? 300 : 0, snapshots ? Integer.MAX_VALUE : 0);
  }

  private static int deletions(Disk disk) {
    return (int)
        disk.operations().stream()
            .filter(operation -> operation.startsWith("delete ") && operation.endsWith(".wal"))
            .count();
  }

  private static void checkReads(Rig rig, Random random) throws IOException {
    rig.check();
    Content kept = rig.content().from(rig.content().compacted());
    long last = kept.lastIndex();
    long base = kept.baseIndex();
    assertThat(rig.log.read(last + 1, last + 2, 10)).isEmpty();
    if (last > base) {
      long from = base + 1 + random.nextInt((int) (last - base));
      long to = from + 1 + random.nextInt(5);
      assertThat(rig.log.read(from, to, Long.MAX_VALUE))
          .isEqualTo(
              kept.entries()
                  .subList((int) (from - base) - 1, (int) (Math.min(last, to - 1) - base)));
      assertThat(rig.log.read(from, last + 1, 1)).hasSize(1);
    }
  }
}
