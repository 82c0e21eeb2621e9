package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A write or a force that fails is final, and nothing is tried again until the next opening (P3,
 * P5).
 */
class FailureTest {

  private static final String ACTIVE = Rig.SEGMENTS + "0000000001.wal";

  private Disk disk;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
    rig.append(100);
    rig.force();
  }

  private void checkDeadForEver() {
    disk.fail(operation -> false);
    int operations = disk.operations().size();
    assertThatThrownBy(() -> rig.storage.force()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> rig.log.write(Batches.batch(3, Batches.vote(9, "n1"))))
        .isInstanceOf(StorageFailedException.class)
        .hasMessageContaining("failed before")
        .hasMessageContaining("Input/output error");
    assertThatThrownBy(() -> rig.storage.openLog("other"))
        .isInstanceOf(StorageFailedException.class);
    assertThat(rig.storage.hasSpace()).isFalse();
    assertThat(disk.operations()).hasSize(operations);
  }

  /** A bug in the file system while a recovery writes is as final as an error of the disk. */
  @Test
  void aRecoveryThatThrowsAnythingIsFinal() throws IOException {
    Disk killed = disk.killed();
    killed.fail(
        operation -> {
          if (operation.startsWith("write " + Rig.SEGMENTS + "spare")) {
            throw new IllegalStateException("a bug");
          }
          return false;
        });
    Storage storage = Rig.storage(killed.path("/d"), 4096);
    killed.remove(Rig.WATERMARK);
    assertThatThrownBy(() -> storage.openLog(Rig.GROUP)).hasMessage("a bug");
    killed.fail(operation -> false);
    assertThatThrownBy(() -> storage.openLog(Rig.GROUP)).hasMessageContaining("failed before");
    storage.close();
  }

  @Test
  void anOpeningThatFailsLeavesNothingOpen() throws IOException {
    Disk killed = disk.killed();
    Storage storage = Rig.storage(killed.path("/d"), 4096);
    killed.fail(operation -> operation.startsWith("write " + Rig.WATERMARK));
    assertThatThrownBy(() -> storage.openLog(Rig.GROUP)).hasMessageContaining("Input/output error");
    storage.close();
    assertThat(killed.openChannels()).isZero();
  }

  @Test
  void anErrorWhileOpeningGivesTheDirectoryFree() throws IOException {
    Disk killed = disk.killed();
    killed.fail(
        operation -> {
          if (operation.equals("attributes /d/identity")) {
            throw new StackOverflowError("an error");
          }
          return false;
        });
    assertThatThrownBy(() -> Rig.storage(killed.path("/d"), 4096)).hasMessage("an error");
    killed.fail(operation -> false);
    Rig.open(killed).storage.close();
    assertThat(killed.openChannels()).isZero();
  }

  /** Above a directory that may not be opened there may be one that this process made. */
  @Test
  void allParentsThatCanBeOpenedAreForced() throws IOException {
    Disk fresh = new Disk();
    fresh.put("/a/b/c/file", new byte[0]);
    fresh.deny("/a/b");
    Rig.open(fresh.path("/a/b/c/d")).storage.close();
    assertThat(fresh.operations()).contains("force /a").doesNotContain("force /a/b");
  }

  @Test
  @Tag("pitfall-48")
  void aFailedForceIsNeverTriedAgain() throws IOException {
    rig.append(100);
    disk.fail(operation -> operation.equals("force " + ACTIVE));
    assertThatThrownBy(() -> rig.storage.force()).hasMessageContaining("Input/output error");
    checkDeadForEver();
    int operations = disk.operations().size();
    rig.storage.close();
    assertThat(disk.operations()).hasSize(operations);
  }

  @ParameterizedTest
  @ValueSource(strings = {"write " + ACTIVE, "write " + Rig.WATERMARK})
  void aFailedWriteIsFinal(String failing) throws IOException {
    disk.fail(operation -> operation.startsWith(failing));
    assertThatThrownBy(
            () -> {
              rig.append(100);
              rig.storage.force();
            })
        .hasMessageContaining("Input/output error");
    checkDeadForEver();
    rig.storage.close();
  }

  /** The steps of a roll, each of them; none of them is a matter of room. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "force " + ACTIVE,
        "write " + Rig.SEGMENTS + "spare",
        "force " + Rig.SEGMENTS + "spare",
        "rename " + Rig.SEGMENTS + "spare",
        "force /d/group-g",
      })
  void aRollThatFailsIsFinalAndLosesNothing(String failing) throws IOException {
    rig.append(3000);
    disk.fail(operation -> operation.startsWith(failing) && !operation.contains(".new"));
    assertThatThrownBy(() -> rig.append(1500)).hasMessageContaining("Input/output error");
    checkDeadForEver();
    rig.storage.close();
    for (int seed = 0; seed < 20; seed++) {
      rig.reopen(disk.copy(), rig.forced);
    }
    // What a process reads that starts again is durable although the cache claimed it before.
    Rig again = rig.reopen(disk.killed(), rig.forced);
    again.append(10);
    again.force();
    assertThat(disk.operations()).isNotEmpty();
  }

  /**
   * The cache still shows what a failed force lost, and forcing it again would say yes: after a
   * restart it must be written anew before anybody builds on it (P3; m24).
   */
  @Test
  @Tag("pitfall-45")
  void whatAFailedForceLostIsRewrittenWhenItIsReadBack() throws IOException {
    rig.append(200);
    disk.fail(operation -> operation.equals("force " + ACTIVE));
    assertThatThrownBy(() -> rig.storage.force()).isInstanceOf(IOException.class);
    Disk restarted = disk.killed();
    Rig again = rig.reopen(restarted, rig.contents.size() - 1);
    assertThat(Rig.open(restarted.powerLost(3)).content()).isEqualTo(again.content());
  }

  @Test
  void whatIsReadBackIsInANewSegmentForcedBeforeItHasItsName() throws IOException {
    rig.append(200);
    Disk killed = disk.killed();
    rig.reopen(killed, rig.contents.size() - 1);
    String spare = Rig.SEGMENTS + "spare";
    List<String> steps =
        killed.operations().stream()
            .filter(
                operation ->
                    operation.startsWith("write " + spare)
                        || operation.equals("force " + spare)
                        || operation.startsWith("rename " + spare + " ")
                        || operation.equals("force /d/group-g"))
            .toList();
    int named = steps.indexOf("rename " + spare + " " + Rig.SEGMENTS + "0000000002.wal");
    assertThat(steps.subList(1, named + 2))
        .containsExactly(
            "write " + spare + " 0+" + header(killed),
            steps.get(2),
            "force " + spare,
            steps.get(named),
            "force /d/group-g");
    assertThat(steps.get(2)).startsWith("write " + spare + " " + header(killed) + "+");
  }

  private static int header(Disk disk) throws IOException {
    return SegmentScan.of(disk.path(Rig.SEGMENTS + "0000000002.wal")).header().length();
  }

  @Test
  void aCleanRestartGoesOnInTheSameSegmentAndAcquiresNothing() throws IOException {
    rig.storage.close();
    Disk restarted = disk.killed();
    rig.reopen(restarted, rig.contents.size() - 1);
    assertThat(restarted.files().keySet()).doesNotContain(Rig.SEGMENTS + "0000000002.wal");
    assertThat(restarted.operations()).noneMatch(operation -> operation.contains("segment.new"));
  }

  /** A name that a failed force left in the cache only must not be built upon after a restart. */
  @Test
  void aNameWhoseForceFailedIsTakenAway() throws IOException {
    rig.append(3000);
    boolean[] renamed = new boolean[1];
    disk.fail(
        operation -> {
          renamed[0] |= operation.endsWith("0000000002.wal");
          return renamed[0] && operation.equals("force /d/group-g");
        });
    assertThatThrownBy(() -> rig.append(1500)).hasMessageContaining("Input/output error");
    Disk restarted = disk.killed();
    Rig again = rig.reopen(restarted, rig.forced);
    again.append(1);
    again.force();
    for (int seed = 0; seed < 10; seed++) {
      Disk image = restarted.copy();
      assertThat(Rig.open(image).content()).isEqualTo(again.content());
    }
    assertThat(Rig.open(restarted.powerLost(1)).content()).isEqualTo(again.content());
  }

  /** A second force of the parent would say yes and leave the whole storage in the cache only. */
  @Test
  void aHostDirectoryWhoseNameCannotBeForcedIsTakenAway() throws IOException {
    Disk fresh = new Disk();
    fresh.put("/a/file", new byte[0]);
    fresh.fail(operation -> operation.equals("force /a"));
    assertThatThrownBy(() -> Rig.open(fresh.path("/a/b/c")))
        .hasMessageContaining("Input/output error");
    assertThat(fresh.path("/a/b")).doesNotExist();
    fresh.fail(operation -> false);
    Rig started = Rig.open(fresh.path("/a/b/c"));
    started.append(10);
    started.force();
    for (int seed = 0; seed < 10; seed++) {
      Path again = fresh.powerLost(seed).path("/a/b/c");
      assertThat(Rig.open(again).content()).isEqualTo(started.content());
    }
  }

  /** Killed between making and forcing it; then a force fails; then a log is begun in it. */
  @Test
  void aGroupsDirectoryThatIsInTheCacheOnlyIsMadeAnew() throws IOException {
    int made = disk.operations().indexOf("create /d/group-g");
    Disk fresh = new Disk();
    fresh.crashAt(made + 1);
    assertThatThrownBy(() -> Rig.open(fresh)).isInstanceOf(SimulatedCrash.class);
    Disk restarted = fresh.killed();
    assertThat(restarted.path("/d/group-g")).exists();
    restarted.fail(operation -> operation.equals("force /d"));
    assertThatThrownBy(() -> Rig.open(restarted)).hasMessageContaining("Input/output error");
    restarted.fail(operation -> false);
    Disk third = restarted.killed();
    Rig started = Rig.open(third);
    started.append(10);
    started.force();
    for (int seed = 0; seed < 10; seed++) {
      assertThat(Rig.open(third.powerLost(seed)).content()).isEqualTo(started.content());
    }
  }
}
