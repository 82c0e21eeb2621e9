package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import dev.quorate.raft.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * One disk with two groups outlives process after process: killed, or without power, in the middle
 * of a call, after a failed force, with a full disk, and so on in any order.
 */
class ManyLivesTest {

  private static final int DISKS = Integer.getInteger("quorate.disk.seeds", 1000);
  private static final int LIVES = 8;

  /** How often each thing must have happened, so that the test means something. */
  private static final int OFTEN = Math.max(1, DISKS / 50);

  private static final long PLENTY = 1 << 20;

  /** How often each thing happened. */
  private final SortedMap<String, Integer> happened = new TreeMap<>();

  private long seed;
  private SimulatedDisk disk;
  private Random random;
  private List<Expected> groups;
  private boolean forceFailed;

  /** What a group may hold when it is opened next. */
  private static final class Expected {

    private final String name;

    /** What it held after each batch since it was last opened. */
    private List<Content> contents = List.of(Content.EMPTY);

    /** From which on one is found if the power was lost since, and if it was not. */
    private int durable;

    private int written;

    private boolean powerLost;

    /** Whether all was read back after a kill and thereby made durable, and nothing was forced. */
    private boolean readBack;

    /** Set while it is open. */
    private Rig rig;

    Expected(String name) {
      this.name = name;
    }

    void open(Storage storage, String as) throws IOException {
      Rig opened = Rig.of(storage, name);
      assertThat(contents.subList(powerLost ? durable : written, contents.size()))
          .as(as)
          .contains(opened.content());
      assertThat(opened.log.recovered()).isEqualTo(opened.content().recovered());
      readBack = !powerLost && contents.indexOf(opened.content()) > durable;
      rig = opened;
    }

    void end(boolean powerIsLost) {
      powerLost = powerIsLost || powerLost && rig == null;
      if (rig != null) {
        contents = rig.contents;
        durable = rig.forced;
        // The last batch may have been under way.
        written = Math.max(durable, contents.size() - 2);
        rig = null;
      }
    }
  }

  @Test
  void whatWasForcedOutlivesThemAll() throws IOException {
    for (seed = 0; seed < DISKS; seed++) {
      disk = SimulatedDisk.create(seed);
      random = new Random(seed);
      groups = List.of(new Expected("g"), new Expected("h"));
      for (int life = 0; life < LIVES; life++) {
        String end = live("seed " + seed + " life " + life);
        boolean powerIsLost = random.nextBoolean();
        count(end + (powerIsLost ? ", power lost" : ", killed"));
        for (Expected group : groups) {
          if (powerIsLost && group.rig != null && group.readBack && group.rig.forced == 0) {
            count("killed, restarted, power lost");
          }
          group.end(powerIsLost);
        }
        if (powerIsLost) {
          disk.losePower();
        } else {
          disk.kill();
        }
      }
    }
    assertThat(happened.keySet())
        .contains(
            "closed, killed",
            "closed, power lost",
            "crash, killed",
            "crash, power lost",
            "force failed, killed",
            "force failed, power lost",
            "error, killed",
            "error, power lost",
            "running, killed",
            "running, power lost",
            "full at opening, killed",
            "killed, restarted, power lost",
            "full",
            "crash on a full disk",
            "refused after a failure",
            "rolled");
    assertThat(happened.values()).as("%s", happened).allMatch(count -> count >= OFTEN);
  }

  private void count(String what) {
    happened.merge(what, 1, Integer::sum);
  }

  /** One process; returns how it ended. */
  private String live(String as) throws IOException {
    planFaults();
    boolean[] full = new boolean[1];
    try {
      Storage storage = Rig.storage(disk.path("/d"), 4096);
      for (Expected group : groups) {
        group.open(storage, as);
      }
      for (int left = random.nextInt(30); left > 0; left--) {
        try {
          full[0] |= !act(storage);
        } catch (IOException e) {
          tryAgain(storage);
          throw e;
        }
      }
      if (random.nextInt(4) == 0) {
        storage.close();
        groups.forEach(group -> group.rig.forced = group.rig.contents.size() - 1);
        return "closed";
      }
      return "running";
    } catch (SimulatedCrash e) {
      if (full[0]) {
        count("crash on a full disk");
      }
      return "crash";
    } catch (CorruptionException e) {
      throw new AssertionError(as, e);
    } catch (NoSpaceException e) {
      return "full at opening";
    } catch (IOException e) {
      return forceFailed ? "force failed" : "error";
    }
  }

  /** Whoever forces again after a failure is refused, or else it must mean something. */
  private void tryAgain(Storage storage) {
    try {
      force(storage);
    } catch (IOException e) {
      count("refused after a failure");
    }
  }

  private void force(Storage storage) throws IOException {
    storage.force();
    groups.forEach(group -> group.rig.forced = group.rig.contents.size() - 1);
  }

  /** A batch or a force; false if there was no room. */
  private boolean act(Storage storage) throws IOException {
    if (random.nextInt(3) == 0) {
      force(storage);
      return true;
    }
    Rig rig = groups.get(random.nextInt(groups.size())).rig;
    int sequence = rig.contents.size();
    try {
      if (random.nextInt(15) == 0) {
        rig.append(5000); // More than a segment.
        count("rolled");
      } else {
        rig.write(Batches.random(random, sequence, rig.content(), 300));
      }
      return true;
    } catch (NoSpaceException e) {
      count("full");
      return false;
    }
  }

  private void planFaults() {
    forceFailed = false;
    disk.plan(operation -> DiskFault.NONE);
    disk.freeSpace(random.nextInt(3) == 0 ? random.nextInt(6) * 4096L : PLENTY);
    int[] left = {random.nextInt(random.nextBoolean() ? 20 : 100)};
    switch (random.nextInt(5)) {
      case 0, 1 -> disk.crashAt(left[0]);
      case 2 ->
          disk.plan(
              operation -> {
                boolean fails = operation.kind() == Kind.FORCE && left[0]-- == 0;
                forceFailed |= fails;
                return fails ? DiskFault.IO_ERROR : DiskFault.NONE;
              });
      case 3 -> disk.plan(operation -> left[0]-- == 0 ? DiskFault.IO_ERROR : DiskFault.NONE);
      default -> {
        // Nothing but what the end of the process does.
      }
    }
  }
}
