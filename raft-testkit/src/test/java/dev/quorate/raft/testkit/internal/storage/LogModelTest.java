package dev.quorate.raft.testkit.internal.storage;

import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a node may write, and what may be found after a crash. */
class LogModelTest {

  private final TestDisk disk = new TestDisk();

  private static WriteRecord state(long term, String vote) {
    return new WriteRecord.SetHardState(hardState(term, vote));
  }

  private static HardState hardState(long term, String vote) {
    return vote.isEmpty()
        ? new HardState(term, Optional.empty(), 0)
        : new HardState(term, Optional.of(NodeId.of(vote)), 1);
  }

  /** Entries of these terms, from an index on. */
  private static WriteRecord append(long from, long... terms) {
    return new WriteRecord.Append(entries(from, terms));
  }

  private static List<LogEntry> entries(long from, long... terms) {
    return LongStream.range(0, terms.length)
        .mapToObj(
            i ->
                LogEntry.of(
                    LogEntry.Type.NO_OP, from + i, terms[(int) i], 0, 0, ByteBuffer.allocate(0)))
        .toList();
  }

  @Test
  void entriesFollowEachOther() {
    disk.write(state(2, ""), append(1, 1, 1, 2));
    breaks("I2", () -> disk.write(append(5, 2)));
    breaks("I2", () -> disk.write(new WriteRecord.Truncate(5)));
    disk.write(new WriteRecord.Truncate(3), append(3, 2, 2));
  }

  @Test
  void aTermIsWrittenBeforeItsEntries() {
    breaks("I21", () -> disk.write(append(1, 1)));
    disk.write(state(1, ""), append(1, 1));
    breaks("I21", () -> disk.write(append(2, 2), state(2, "")));
  }

  @Test
  void termsAndVotesAreNotWrittenBack() {
    disk.write(state(2, "n1"));
    disk.write(state(2, "n1"));
    breaks("I8", () -> disk.write(state(1, "")));
    breaks("I8", () -> disk.write(state(2, "n2")));
    disk.write(state(3, "n2"));
  }

  @Test
  void theLogIsGivenUpBehindASnapshotOnly() {
    disk.write(state(1, ""), append(1, 1, 1, 1));
    breaks("I7", () -> disk.write(new WriteRecord.Compact(2, 1)));
    disk.group().snapshots().made(new SnapshotId(7, 2, 1, 0, 0));
    disk.write(new WriteRecord.Compact(2, 1));
  }

  @Test
  void aSnapshotIsDurableBeforeItIsInstalled() {
    SnapshotId id = new SnapshotId(7, 1, 1, 0, 0);
    LogModel committed = new LogModel(index -> entries(1, 1).get((int) index - 1));
    WriteRecord install = new WriteRecord.InstallSnapshot(id);
    committed.check(batch(install));
    SnapshotModel snapshots = new SnapshotModel();
    breaks("I9", () -> snapshots.check(batch(install)));
    snapshots.received(id);
    snapshots.check(batch(install));
  }

  @Test
  void aSnapshotThatIsInstalledIsOfWhatIsCommitted() {
    LogModel model = new LogModel(index -> index == 1 ? entries(1, 1).get(0) : null);
    breaks(
        "I14",
        () -> model.check(batch(new WriteRecord.InstallSnapshot(new SnapshotId(7, 1, 2, 0, 0)))));
    breaks(
        "I14",
        () -> model.check(batch(new WriteRecord.InstallSnapshot(new SnapshotId(7, 2, 1, 0, 0)))));
    model.check(batch(new WriteRecord.InstallSnapshot(new SnapshotId(7, 1, 1, 0, 0))));
  }

  private static WriteBatch batch(WriteRecord record) {
    return new WriteBatch(1, List.of(record));
  }

  @Test
  void aSnapshotThatCountsIsThereAfterACrash() {
    SnapshotModel snapshots = new SnapshotModel();
    SnapshotId id = new SnapshotId(7, 3, 1, 0, 0);
    snapshots.made(id);
    snapshots.reopened(List.of(id), false, 0);
    breaks("I19", () -> snapshots.reopened(List.of(), false, 0));
  }

  @Test
  void whatIsFoundIsAllThatWasForcedAndABeginningOfTheRest() {
    LogModel model = disk.group().model();
    disk.write(state(1, ""), append(1, 1, 1));
    disk.force();
    disk.write(append(3, 1));
    disk.write(append(4, 1));
    assertThat(model.reopened(hardState(1, ""), 0, entries(1, 1))).isEmpty();
    assertThat(model.reopened(hardState(0, ""), 0, entries(1, 1, 1))).isEmpty();
    assertThat(model.reopened(hardState(1, ""), 0, entries(1, 1, 1, 1))).contains(1);
    // What came back once does not go away again.
    assertThat(model.reopened(hardState(1, ""), 0, entries(1, 1, 1))).isEmpty();
  }
}
