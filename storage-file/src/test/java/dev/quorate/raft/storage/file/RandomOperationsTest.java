package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Long random runs against the trivial model, reopened in every way in between. */
class RandomOperationsTest {

  @Test
  void theLogIsAlwaysWhatTheModelSays() throws IOException {
    int reopened = 0;
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      Disk disk = new Disk();
      Rig rig = Rig.open(disk);
      for (int step = 0; step < 400; step++) {
        int dice = random.nextInt(100);
        if (dice < 70) {
          rig.write(Batches.random(random, rig.contents.size(), rig.content(), 200));
        } else if (dice < 90) {
          rig.force();
        } else if (dice < 96) {
          checkReads(rig, random);
        } else {
          int atLeast = rig.contents.size() - 1;
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
  }

  private static void checkReads(Rig rig, Random random) throws IOException {
    rig.check();
    long last = rig.content().lastIndex();
    assertThat(rig.log.read(last + 1, last + 2, 10)).isEmpty();
    if (last > 0) {
      long from = 1 + random.nextInt((int) last);
      long to = from + 1 + random.nextInt(5);
      assertThat(rig.log.read(from, to, Long.MAX_VALUE))
          .isEqualTo(rig.content().entries().subList((int) from - 1, (int) Math.min(last, to - 1)));
      assertThat(rig.log.read(from, last + 1, 1)).hasSize(1);
    }
  }
}
