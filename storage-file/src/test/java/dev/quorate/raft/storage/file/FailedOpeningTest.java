package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An error of the disk at every single operation of an opening, and what is said of it. */
class FailedOpeningTest {

  private static final String SNAPSHOTS = Rig.SEGMENTS + "snapshots/";
  private static final String UNFINISHED = SNAPSHOTS + "1.new";
  private static final List<String> LOOKS = List.of("open", "read", "list", "attributes", "space");

  private final SortedMap<String, Integer> said = new TreeMap<>();
  private Disk disk;
  private Rig rig;
  private List<SnapshotId> ids;

  /** Fails the operation with a number, and no other. */
  private static final class Nth implements Predicate<String> {
    private int left;
    private String struck = "";

    private Nth(int number) {
      left = number;
    }

    @Override
    public boolean test(String operation) {
      if (left-- != 0) {
        return false;
      }
      struck = operation;
      return true;
    }

    private boolean isLook() {
      return LOOKS.contains(struck.split(" ")[0]);
    }
  }

  /**
   * Killed with a batch that was not forced, so that it is written anew; snapshots of all kinds.
   */
  @BeforeEach
  void write() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
    SnapshotStore store = rig.storage.openSnapshots(Rig.GROUP);
    rig.append(3000);
    rig.append(2000);
    rig.force();
    rig.append(100);
    ids =
        List.of(
            Snapshots.create(store, 2, 1, Snapshots.content(10, 2)),
            Snapshots.create(store, 1, 1, Snapshots.content(10, 1)));
    disk.put(SNAPSHOTS + "damaged.snap", new byte[100]);
    disk.put(UNFINISHED, new byte[100]);
  }

  @Test
  void whateverFailsIsSaidAndNothingIsLost() throws IOException {
    boolean struck = true;
    for (int at = 0; struck; at++) {
      Disk failing = disk.copy();
      Nth nth = new Nth(at);
      try (Storage storage = Rig.storage(failing.path("/d"), 4096)) {
        failing.fail(nth);
        open(storage, failing, nth);
        failing.fail(operation -> false);
      }
      struck = !nth.struck.isEmpty();
      rig.reopen(failing.powerLost(at), rig.forced);
      Disk killed = failing.killed();
      Rig again = rig.reopen(killed, rig.forced);
      assertThat(again.storage.openSnapshots(Rig.GROUP).list()).isEqualTo(ids);
    }
    assertThat(said).containsOnlyKeys("failed", "left out", "no room", "opened", "unreadable");
  }

  private void open(Storage storage, Disk failing, Nth nth) throws IOException {
    try {
      storage.openLog(Rig.GROUP);
      SnapshotStore store = storage.openSnapshots(Rig.GROUP);
      said.merge(store.list().equals(ids) ? "opened" : "left out", 1, Integer::sum);
      boolean isSnapshot = nth.isLook() && nth.struck.contains(".snap");
      assertThat(store.unreadable()).as(nth.struck).hasSize(isSnapshot ? 1 : 0);
      boolean isDamaged = nth.struck.contains("damaged.snap");
      assertThat(store.list()).as(nth.struck).hasSize(isSnapshot && !isDamaged ? 1 : 2);
    } catch (UnreadableException e) {
      assertThat(nth.isLook()).as("%s: %s", nth.struck, e).isTrue();
      assertThat(e).hasMessageContaining(nth.struck.split(" ")[1]);
      said.merge("unreadable", 1, Integer::sum);
      storage.openLog("another").close();
    } catch (NoSpaceException e) {
      said.merge("no room", 1, Integer::sum);
      storage.openLog("another").close();
    } catch (StorageFailedException e) {
      assertThat(nth.isLook()).as("%s: %s", nth.struck, e).isFalse();
      assertThat(e).hasMessageStartingWith("a write or a force in /d failed: ");
      said.merge("failed", 1, Integer::sum);
      int operations = failing.operations().size();
      for (String group : List.of(Rig.GROUP, "another")) {
        assertThatThrownBy(() -> storage.openLog(group))
            .isInstanceOf(StorageFailedException.class)
            .hasMessageContaining("failed before");
      }
      assertThatThrownBy(storage::force).isInstanceOf(StorageFailedException.class);
      storage.close();
      assertThat(failing.operations()).hasSize(operations);
    }
  }

  /** Those of which it is told are no business of the others that are open. */
  @Test
  void whatIsOpenGoesOnUnlessTheDiskFailed() throws IOException {
    Disk failing = disk.copy();
    try (Storage storage = Rig.storage(failing.path("/d"), 4096)) {
      Rig another = Rig.of(storage, "another");
      failing.fail(operation -> operation.equals("open /d/group-g"));
      assertThatThrownBy(() -> storage.openLog(Rig.GROUP))
          .isInstanceOf(UnreadableException.class)
          .hasMessage("cannot open /d/group-g: Input/output error");
      another.append(10);
      another.force();
      failing.fail(operation -> operation.equals("force /d/group-g"));
      assertThatThrownBy(() -> storage.openLog(Rig.GROUP))
          .isInstanceOf(StorageFailedException.class)
          .hasMessage(
              "a write or a force in /d failed: cannot force /d/group-g: Input/output error");
      failing.fail(operation -> false);
      assertThatThrownBy(() -> another.append(10)).isInstanceOf(StorageFailedException.class);
    }
  }

  /** A process may have too few descriptors for one more group, and enough for those it has. */
  @Test
  void aNewGroupThatCannotBeOpenedLeavesTheOthersAlone() throws IOException {
    Disk failing = disk.copy();
    try (Storage storage = Rig.storage(failing.path("/d"), 4096)) {
      Rig another = Rig.of(storage, "another");
      failing.fail(operation -> operation.startsWith("open "));
      assertThatThrownBy(() -> storage.openLog("new")).isInstanceOf(UnreadableException.class);
      failing.fail(operation -> false);
      another.append(10);
      another.force();
      storage.openLog("new").close();
    }
  }

  /** Without the identity nobody knows whose disk it is: that is told to whoever opens it. */
  @Test
  void ofTheHostItselfTheFileIsNamed() throws IOException {
    for (String operation : List.of("attributes", "open", "read")) {
      Disk failing = disk.copy();
      failing.fail(what -> what.startsWith(operation + " /d/identity"));
      assertThatThrownBy(() -> Rig.storage(failing.path("/d"), 4096))
          .isInstanceOf(UnreadableException.class)
          .hasMessageContaining("/d/identity")
          .hasMessageContaining("Input/output error");
    }
    for (String operation : List.of("write /d/identity.new", "force /d/identity.new", "force /d")) {
      Disk fresh = new Disk();
      fresh.put("/d/file", new byte[0]);
      fresh.fail(what -> what.startsWith(operation));
      assertThatThrownBy(() -> Rig.storage(fresh.path("/d"), 4096))
          .hasMessageContaining(operation.substring(operation.indexOf('/')))
          .hasMessageContaining("Input/output error");
    }
  }
}
