package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A removed group is as it was or gone, whenever its host dies, and never comes back. */
class GroupRemovalTest {

  private static final String OTHER = "other";
  private static final String MARK = Rig.SEGMENTS + "removed";
  private static final int IMAGES = 4;

  private final Disk disk = new Disk();
  private Storage storage;
  private Rig rig;
  private Rig other;

  /** Two groups, one of which, with several segments and a snapshot, is closed. */
  private void prepare(Disk on) throws IOException {
    storage = Rig.storage(on.path("/d"), 4096);
    rig = Rig.of(storage, Rig.GROUP);
    other = Rig.of(storage, OTHER);
    other.append(100);
    for (int i = 0; i < 6; i++) {
      rig.append(1500);
    }
    rig.force();
    other.forced = 1;
    SnapshotStore snapshots = storage.openSnapshots(Rig.GROUP);
    Snapshots.create(snapshots, 2, 1, Snapshots.content(500, 7));
    rig.log.close();
  }

  private static List<String> left(Disk on) {
    return on.files().keySet().stream().filter(file -> file.startsWith(Rig.SEGMENTS)).toList();
  }

  @Test
  void nothingButTheMarkIsLeft() throws IOException {
    prepare(disk);
    assertThat(left(disk)).hasSizeGreaterThan(4).anyMatch(file -> file.endsWith(".snap"));
    assertThat(storage.removeGroup(Rig.GROUP)).isTrue();
    assertThat(left(disk)).containsExactly(MARK);
    assertThat(left(disk.powerLost(3))).containsExactly(MARK);
    int operations = disk.operations().size();
    assertThat(storage.removeGroup(Rig.GROUP)).isFalse();
    assertThat(storage.removeGroup("never")).isFalse();
    assertThat(disk.operations()).hasSize(operations);
    assertThatThrownBy(() -> storage.openLog(Rig.GROUP))
        .isInstanceOf(GroupRemovedException.class)
        .hasMessage(
            "group 'g' was removed from this disk, and its name cannot be used here again: take"
                + " another name");
    other.append(10);
    other.force();
    storage.close();
    try (Inspection inspection = Inspection.open(disk.path("/d"))) {
      assertThat(inspection.groups()).containsExactly(OTHER);
    }
  }

  @Test
  void whatIsOpenIsNotRemoved() throws IOException {
    prepare(disk);
    assertThatThrownBy(() -> storage.removeGroup(OTHER)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> storage.removeGroup("a/b"))
        .isInstanceOf(IllegalArgumentException.class);
    other.append(10);
    other.force();
    other.check();
    storage.close();
    assertThatThrownBy(() -> storage.removeGroup(Rig.GROUP)).hasMessageContaining("closed");
  }

  /** A copy that is on its way when the group is closed does not come back behind its end. */
  @Test
  void aLateSnapshotLeavesNothing() throws IOException {
    prepare(disk);
    Rig again = Rig.of(storage, Rig.GROUP);
    SnapshotStore snapshots = storage.openSnapshots(Rig.GROUP);
    SnapshotSink late = snapshots.create(Snapshots.BOOT, 3, 1);
    again.log.close();
    assertThat(storage.removeGroup(Rig.GROUP)).isTrue();
    assertThatThrownBy(late::commit).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> snapshots.create(Snapshots.BOOT, 4, 1))
        .isInstanceOf(IOException.class);
    late.close();
    assertThat(left(disk)).containsExactly(MARK);
  }

  /** Before the mark is durable nothing is deleted; behind it, the group is never opened. */
  @Test
  void aCrashAnywhereLeavesAllOrNothing() throws IOException {
    prepare(disk);
    int before = disk.operations().size();
    storage.removeGroup(Rig.GROUP);
    int steps = disk.operations().size() - before;
    assertThat(steps).isGreaterThan(10);
    int whole = 0;
    for (int at = 0; at < steps; at++) {
      for (int image = 0; image <= IMAGES; image++) {
        Disk dying = new Disk();
        prepare(dying);
        dying.crashAt(at);
        assertThatThrownBy(() -> storage.removeGroup(Rig.GROUP)).isInstanceOf(SimulatedCrash.class);
        Disk after = image == 0 ? dying.killed() : dying.powerLost(image);
        whole += checkAllOrNothing(after, image);
      }
    }
    assertThat(whole).as("crashes before the mark was made").isPositive();
  }

  private int checkAllOrNothing(Disk after, int image) throws IOException {
    Storage opened = Rig.storage(after.path("/d"), 4096);
    boolean marked = after.files().containsKey(MARK);
    if (marked) {
      assertThat(left(after)).containsExactly(MARK);
      assertThatThrownBy(() -> opened.openLog(Rig.GROUP)).isInstanceOf(GroupRemovedException.class);
      // What one opening has seen, the next one does too.
      assertThat(left(after.powerLost(image))).contains(MARK);
    } else {
      Rig found = Rig.of(opened, Rig.GROUP);
      assertThat(found.content()).isEqualTo(rig.content());
      assertThat(opened.openSnapshots(Rig.GROUP).list()).hasSize(1);
    }
    assertThat(Rig.of(opened, OTHER).content()).isEqualTo(other.content());
    opened.close();
    return marked ? 0 : 1;
  }

  /**
   * A force of the mark that failed has perhaps made it visible only: nothing is deleted yet, and
   * what is deleted by another attempt has a mark of its own.
   */
  @Test
  void aMarkThatCouldNotBeForcedIsMadeAgain() throws IOException {
    prepare(disk);
    disk.fail(operation -> operation.equals("force /d/group-g"));
    assertThatThrownBy(() -> storage.removeGroup(Rig.GROUP))
        .hasMessageContaining("Input/output error");
    disk.fail(operation -> false);
    assertThat(left(disk)).hasSizeGreaterThan(4);
    assertThatThrownBy(() -> storage.openLog(Rig.GROUP)).isInstanceOf(GroupRemovedException.class);
    other.append(10);
    other.force();
    assertThat(storage.removeGroup(Rig.GROUP)).isTrue();
    for (int image = 1; image <= IMAGES; image++) {
      assertThat(left(disk.powerLost(image))).containsExactly(MARK);
    }
  }

  @Test
  void whatCannotBeDeletedIsDeletedLater() throws IOException {
    prepare(disk);
    disk.fail(operation -> operation.startsWith("delete " + Rig.SEGMENTS + "0000000001.wal"));
    assertThatThrownBy(() -> storage.removeGroup(Rig.GROUP))
        .hasMessageContaining("Input/output error");
    storage.close();
    Storage again = Rig.storage(disk.path("/d"), 4096);
    assertThat(left(disk)).hasSizeGreaterThan(1);
    assertThatThrownBy(() -> again.openLog(Rig.GROUP)).isInstanceOf(GroupRemovedException.class);
    again.openLog(OTHER);
    again.close();
    disk.fail(operation -> false);
    Rig.storage(disk.path("/d"), 4096).close();
    assertThat(left(disk)).containsExactly(MARK);
  }

  @Test
  void aFullDiskIsSaidToBeOne() throws IOException {
    prepare(disk);
    disk.fail(operation -> operation.startsWith("create " + MARK));
    assertThatThrownBy(() -> storage.removeGroup(Rig.GROUP))
        .isInstanceOf(NoSpaceException.class)
        .hasMessageContaining("removed.new");
    disk.fail(operation -> false);
    assertThat(Rig.of(storage, Rig.GROUP).content()).isEqualTo(rig.content());
  }
}
