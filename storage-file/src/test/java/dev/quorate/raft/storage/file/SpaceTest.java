package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full disk is met before any record is at stake, leaves a reserve, and passes (P5). */
@Tag("pitfall-50")
class SpaceTest {

  private Disk disk;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    disk = new Disk();
    rig = Rig.open(disk);
  }

  private WriteBatch command(int payload) {
    return Batches.batch(
        rig.contents.size(),
        Batches.append(Batches.command(rig.content().lastIndex() + 1, 1, payload)));
  }

  private void fillUp() throws IOException {
    while (true) {
      WriteBatch batch = command(500);
      try {
        rig.log.write(batch);
      } catch (NoSpaceException e) {
        return;
      }
      rig.contents.add(rig.content().after(batch));
    }
  }

  /** Asks until there is room; the storage may let some requests pass before it tries again. */
  private void awaitSpace() {
    for (int asked = 0; asked < 20 && !rig.storage.hasSpace(); asked++) {
      assertThat(asked).isLessThan(19);
    }
  }

  @Test
  void theReserveTakesWhatANodeMustWriteAndNoCommands() throws IOException {
    assertThat(rig.storage.hasSpace()).isTrue();
    disk.free(100);
    fillUp();
    assertThat(rig.storage.hasSpace()).isFalse();
    int before = rig.contents.size();
    for (int term = 2; term < 8; term++) {
      LogEntry noOp = Batches.entry(LogEntry.Type.NO_OP, rig.content().lastIndex() + 1, term, 0, 0);
      rig.write(Batches.vote(term, "n2"), Batches.append(noOp));
    }
    rig.write(new WriteRecord.Truncate(rig.content().lastIndex()));
    rig.force();
    assertThat(rig.contents).hasSize(before + 7);
    rig.reopen(disk.powerLost(1), rig.forced);
  }

  @Test
  void nothingIsWrittenAndLaterItIs() throws IOException {
    disk.free(100);
    fillUp();
    int operations = disk.operations().size();
    assertThatThrownBy(() -> rig.log.write(command(500))).isInstanceOf(NoSpaceException.class);
    assertThat(disk.operations().subList(operations, disk.operations().size()))
        .noneMatch(operation -> operation.contains(".wal"));
    rig.check();
    disk.free(1 << 20);
    awaitSpace();
    rig.append(500);
    rig.force();
    rig.check();
    rig.reopen(disk.powerLost(1), rig.forced);
  }

  /**
   * A roll must not give the spare to a command that leaves no reserve behind it, whatever its
   * size.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 4200})
  void noCommandOfAnySizeTakesTheWholeReserve(int free) throws IOException {
    for (int payload = 2700; payload <= 4096; payload += 13) {
      disk = new Disk();
      rig = Rig.open(disk);
      rig.append(1500);
      disk.free(free);
      WriteBatch batch = command(payload);
      try {
        rig.log.write(batch);
        rig.contents.add(rig.content().after(batch));
      } catch (NoSpaceException e) {
        rig.check();
      }
      fillUp();
      for (int term = 2; term < 8; term++) {
        rig.write(Batches.vote(term, "n2"));
      }
      rig.force();
      Disk lost = disk.powerLost(payload);
      lost.free(1 << 20);
      rig.reopen(lost, rig.forced);
    }
  }

  /** What a failed fill left and could not delete is not counted as used for ever. */
  @Test
  void aLeftOverDoesNotKeepTheDiskFull() throws IOException {
    disk.fail(
        operation ->
            operation.equals("force " + Rig.SEGMENTS + "segment.new")
                || operation.equals("delete " + Rig.SEGMENTS + "segment.new"));
    disk.free(5000);
    fillUp();
    assertThat(disk.files()).containsKey(Rig.SEGMENTS + "segment.new");
    disk.fail(operation -> false);
    awaitSpace();
    rig.reopen(disk.killed(), rig.contents.size() - 1);
  }

  /** Direct memory is scarce and not the storage's alone. */
  @Test
  void aLargeBatchIsWrittenInPieces() throws IOException {
    rig.append(3 << 20);
    rig.force();
    assertThat(disk.operations())
        .filteredOn(operation -> operation.startsWith("write "))
        .allMatch(operation -> Integer.parseInt(operation.split("\\+")[1]) <= 1 << 20);
    rig.reopen(disk.powerLost(1), rig.forced);
  }

  /** A log that is closed needs no reserve, also when another one is asked for its own. */
  @Test
  void aLogThatIsClosedAcquiresNothing() throws IOException {
    GroupLog other = rig.storage.openLog("h");
    disk.fail(operation -> operation.matches("create .*segment.new"));
    rig.append(3000);
    rig.append(2000);
    other.write(Batches.batch(1, Batches.append(Batches.command(1, 1, 3000))));
    other.write(Batches.batch(2, Batches.append(Batches.command(2, 1, 2000))));
    rig.force();
    assertThat(rig.storage.hasSpace()).isFalse();
    rig.log.close();
    int before = disk.operations().size();
    disk.fail(operation -> operation.matches("create .*/group-h/segment.new"));
    for (int asked = 0; asked < 40; asked++) {
      assertThat(rig.storage.hasSpace()).isFalse();
    }
    assertThat(disk.operations().subList(before, disk.operations().size()))
        .anyMatch(operation -> operation.contains("/group-h/segment.new"))
        .noneMatch(operation -> operation.contains("/group-g/segment.new"));
  }

  /** A fill that dies must not make the log forget the number of a batch that it wrote. */
  @Test
  void aBatchThatWasWrittenHasItsNumberBeforeTheSpareIsRefilled() throws IOException {
    rig.append(3000);
    disk.fail(
        operation -> {
          if (operation.startsWith("create " + Rig.SEGMENTS + "segment.new")) {
            throw new IllegalStateException("a bug");
          }
          return false;
        });
    rig.append(2000);
    disk.fail(operation -> false);
    rig.append(10);
    rig.force();
    rig.check();
  }

  /** What the next opening would take for forced must not stay where a force failed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create /d/group-h/watermark",
        "write /d/group-h/watermark",
        "force /d/group-h/watermark",
      })
  void aWatermarkThatCouldNotBeMadeIsNotThereAtTheNextTry(String failing) throws IOException {
    disk.fail(operation -> operation.startsWith(failing));
    assertThatThrownBy(() -> rig.storage.openLog("h")).isInstanceOf(NoSpaceException.class);
    assertThat(disk.files()).doesNotContainKey("/d/group-h/watermark");
    disk.fail(operation -> false);
    int before = disk.operations().size();
    rig.storage.openLog("h").close();
    assertThat(disk.operations().subList(before, disk.operations().size()))
        .contains("create /d/group-h/watermark", "force /d/group-h/watermark");
  }

  @Test
  void aBatchLargerThanASegmentNeedsRoomOfItsOwn() throws IOException {
    disk.free(8192);
    assertThatThrownBy(() -> rig.log.write(command(10_000))).isInstanceOf(NoSpaceException.class);
    disk.free(20_000);
    rig.append(10_000);
    rig.append(100);
    rig.force();
    rig.check();
    rig.reopen(disk.powerLost(1), rig.forced);
  }

  /** Whatever fails while room is acquired is a full disk, at whichever step. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create " + Rig.SEGMENTS + "segment.new",
        "write " + Rig.SEGMENTS + "segment.new",
        "force " + Rig.SEGMENTS + "segment.new",
        "rename " + Rig.SEGMENTS + "segment.new",
      })
  void anyErrorWhileAcquiringIsAFullDisk(String failing) throws IOException {
    disk.fail(operation -> operation.startsWith(failing));
    fillUp();
    assertThat(rig.storage.hasSpace()).isFalse();
    assertThat(disk.files().keySet()).doesNotContain(Rig.SEGMENTS + "segment.new");
    rig.force();
    disk.fail(operation -> false);
    awaitSpace();
    rig.append(500);
    rig.force();
    rig.reopen(disk.powerLost(1), rig.forced);
  }

  @Test
  void aRestartOnAFullDiskUsesTheReserve() throws IOException {
    rig.append(100);
    Disk killed = disk.killed();
    killed.free(0);
    Rig again = rig.reopen(killed, rig.contents.size() - 1);
    assertThat(again.storage.hasSpace()).isFalse();
    again.append(100);
    again.force();
    again.storage.close();
    // Now neither a reserve nor anything to be rewritten is there.
    again.reopen(killed, again.contents.size() - 1);
  }

  @Test
  void aNewGroupOnAFullDiskDoesNotHarmTheOthers() throws IOException {
    disk.free(0);
    assertThatThrownBy(() -> rig.storage.openLog("other")).isInstanceOf(NoSpaceException.class);
    rig.append(10);
    rig.force();
    disk.free(1 << 20);
    assertThat(rig.storage.openLog("other").recovered().lastIndex()).isZero();
  }
}
