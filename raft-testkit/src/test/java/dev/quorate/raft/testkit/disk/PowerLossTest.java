package dev.quorate.raft.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a loss of power takes, and what it must not take. */
class PowerLossTest {

  /**
   * 10,000 random schedules with one file, some of which die in the middle of a call: each sector
   * is as it was at some moment since the last force, and so is the length.
   */
  @Test
  void whatWasForcedIsNeverLost() throws IOException {
    PowerLoss sum = PowerLoss.NONE;
    int crashes = 0;
    for (int seed = 0; seed < 10_000; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Random random = new Random(seed);
      try (FileChannel file = Io.durable(disk.path("/f"), new byte[random.nextInt(3000)])) {
        List<byte[]> sinceForce = new ArrayList<>(List.of(disk.content("/f")));
        if (random.nextInt(3) == 0) {
          disk.crashAt(random.nextInt(8));
        }
        int killAt = random.nextInt(20);
        try {
          for (int step = 0; step < 8 && step != killAt; step++) {
            if (step(file, random)) {
              sinceForce.clear();
            }
            sinceForce.add(disk.content("/f"));
          }
        } catch (SimulatedCrash e) {
          crashes++;
          sinceForce.add(disk.content("/f"));
        }
        if (random.nextBoolean()) {
          disk.kill();
          assertThat(Files.readAllBytes(disk.path("/f")))
              .isEqualTo(sinceForce.get(sinceForce.size() - 1));
        }
        sum = sum.plus(disk.losePower());
        checkMadeOf(sinceForce, Files.readAllBytes(disk.path("/f")));
      }
    }
    assertThat(crashes).isGreaterThan(1000);
    // What was not forced is lost, kept and torn, each of it often.
    assertThat(sum.sectorsKept()).isGreaterThan(10_000);
    assertThat(sum.sectorsLost()).isGreaterThan(10_000);
    assertThat(sum.filesTorn()).isGreaterThan(1000);
    assertThat(sum.lengthsKept()).isGreaterThan(1000);
    assertThat(sum.lengthsLost()).isGreaterThan(1000);
    assertThat(sum.namesKept() + sum.namesLost()).isZero();
  }

  /** Whether it was a force. */
  private static boolean step(FileChannel file, Random random) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> {
        file.force(false);
        return true;
      }
      case 1 -> file.truncate(random.nextInt(3000));
      default -> {
        byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 20 : 2000)];
        if (random.nextInt(4) > 0) {
          random.nextBytes(bytes);
        }
        Io.write(file, random.nextInt(4000), bytes);
      }
    }
    return false;
  }

  private static void checkMadeOf(List<byte[]> contents, byte[] found) {
    assertThat(contents).extracting(content -> content.length).contains(found.length);
    for (int at = 0; at < found.length; at += Pages.SECTOR) {
      byte[] sector = sector(found, at, found.length);
      int offset = at;
      assertThat(contents)
          .as("sector at %d", at)
          .extracting(content -> sector(content, offset, found.length))
          .contains(sector);
    }
  }

  /** A sector of a content in a file that ends at the given length. */
  private static byte[] sector(byte[] content, int at, int end) {
    byte[] sector = new byte[Pages.SECTOR];
    int count = Math.min(Math.min(content.length, end) - at, Pages.SECTOR);
    if (count > 0) {
      System.arraycopy(content, at, sector, 0, count);
    }
    return sector;
  }

  /** Every mixture of two sectors comes about, and so does what lay there in between. */
  @Test
  void sectorsReachTheDiskInAnyOrderAndAtAnyTime() throws IOException {
    SortedMap<String, Integer> ends = new TreeMap<>();
    for (int seed = 0; seed < 3000; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      try (FileChannel file = Io.durable(disk.path("/f"), Io.all('0', 1024))) {
        Io.write(file, 0, Io.all('1', 1024));
        Io.write(file, 0, Io.all('2', 1024));
      }
      disk.losePower();
      byte[] found = disk.content("/f");
      assertThat(found).hasSize(1024);
      ends.merge("" + (char) found[511] + (char) found[512], 1, Integer::sum);
    }
    assertThat(ends).containsKeys("00", "02", "20", "22", "11", "12", "21", "01", "10");
  }

  @Test
  void namesAreLostUntilTheDirectoryIsForced() throws IOException {
    PowerLoss sum = PowerLoss.NONE;
    int forced = 0;
    for (int seed = 0; seed < 2000; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Io.durable(disk.path("/old"), new byte[1]).close();
      Io.durable(disk.path("/gone"), new byte[1]).close();
      Files.delete(disk.path("/gone"));
      Files.move(disk.path("/old"), disk.path("/new"));
      try (FileChannel made = Io.open(disk.path("/made"))) {
        made.force(true); // The file, not its name.
      }
      boolean force = seed % 4 == 0;
      if (force) {
        Io.forceDirectory(disk.root());
        forced++;
      }
      PowerLoss loss = disk.losePower();
      sum = sum.plus(loss);
      if (force) {
        assertThat(loss).isEqualTo(PowerLoss.NONE);
        assertThat(disk.files()).containsOnlyKeys("/made", "/new");
      }
      // A rename is in one piece.
      assertThat(disk.files().containsKey("/old")).isNotEqualTo(disk.files().containsKey("/new"));
    }
    assertThat(forced).isEqualTo(500);
    assertThat(sum.namesKept()).isGreaterThan(1000);
    assertThat(sum.namesLost()).isGreaterThan(1000);
    assertThat(sum.namesKept() + sum.namesLost()).isEqualTo(3 * 1500);
  }

  /** A later change of a name needs the earlier ones of it; those of other names need not wait. */
  @Test
  void changesOfOneNameKeepTheirOrder() throws IOException {
    TreeSet<String> ends = new TreeSet<>();
    for (int seed = 0; seed < 500; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Io.durable(disk.path("/a"), new byte[] {1}).close();
      Files.move(disk.path("/a"), disk.path("/b"));
      Io.open(disk.path("/a")).close();
      Io.open(disk.path("/c")).close();
      disk.losePower();
      assertThat(disk.files()).isNotEmpty();
      ends.add(disk.files().toString());
      assertThat(disk.files()).containsValue(1L);
    }
    assertThat(ends)
        .containsExactlyInAnyOrder(
            "{/a=1}",
            "{/a=1, /c=0}",
            "{/b=1}",
            "{/b=1, /c=0}",
            "{/a=0, /b=1}",
            "{/a=0, /b=1, /c=0}");
  }

  @Test
  void aReplacementByRenameIsOldOrNew() throws IOException {
    int[] found = new int[3];
    for (int seed = 0; seed < 200; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Io.durable(disk.path("/f"), new byte[] {1}).close();
      Io.durable(disk.path("/f.new"), new byte[] {2}).close();
      Files.move(disk.path("/f.new"), disk.path("/f"), StandardCopyOption.ATOMIC_MOVE);
      disk.losePower();
      found[disk.content("/f")[0]]++;
    }
    assertThat(found[1]).isPositive();
    assertThat(found[2]).isPositive();
  }

  /** Without ATOMIC_MOVE the target is deleted first. */
  @Test
  void aReplacementThatIsNotAtomicMayLeaveNothing() throws IOException {
    int missing = 0;
    for (int seed = 0; seed < 200; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Io.durable(disk.path("/f"), new byte[] {1}).close();
      Io.durable(disk.path("/f.new"), new byte[] {2}).close();
      Files.move(disk.path("/f.new"), disk.path("/f"), StandardCopyOption.REPLACE_EXISTING);
      disk.losePower();
      missing += disk.files().containsKey("/f") ? 0 : 1;
    }
    assertThat(missing).isPositive();
  }

  @Test
  void aDirectoryThatIsLostTakesAllBelowItAlong() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      Path directory = Files.createDirectory(disk.path("/d"));
      Io.durable(directory.resolve("f"), new byte[5]).close();
      disk.losePower();
      lost += disk.files().isEmpty() ? 1 : 0;
      assertThat(disk.freeSpace() % Pages.PAGE).isZero();
    }
    assertThat(lost).isBetween(1, 99);
  }

  /** P3: what a process reads back after a kill is not durable. */
  @Test
  void whatSurvivedAKillIsStillAtStake() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      try (FileChannel file = Io.durable(disk.path("/f"), new byte[] {1})) {
        Io.write(file, 0, new byte[] {2});
      }
      disk.kill();
      assertThat(Files.readAllBytes(disk.path("/f"))).containsExactly(2);
      disk.losePower();
      lost += disk.content("/f")[0] == 1 ? 1 : 0;
    }
    assertThat(lost).isBetween(1, 99);
  }

  @Test
  void aForceAfterAKillMakesDurableWhatTheDeadProcessWrote() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = SimulatedDisk.create(seed);
      FileChannel dead = Io.durable(disk.path("/f"), new byte[] {1});
      Io.write(dead, 0, new byte[] {2});
      disk.kill();
      assertThatThrownBy(() -> dead.force(true)).isInstanceOf(SimulatedCrash.class);
      try (FileChannel file = Io.open(disk.path("/f"))) {
        file.force(true);
      }
      assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
      assertThat(disk.content("/f")).containsExactly(2);
    }
  }

  @Test
  void whatIsLeftIsDurable() throws IOException {
    SimulatedDisk disk = SimulatedDisk.create(7);
    try (FileChannel file = Io.open(disk.path("/f"))) {
      Io.write(file, 0, Io.all(3, 5000));
    }
    Io.forceDirectory(disk.root());
    disk.losePower();
    byte[] left = disk.content("/f");
    assertThat(disk.losePower()).isEqualTo(PowerLoss.NONE);
    assertThat(disk.content("/f")).isEqualTo(left);
  }
}
