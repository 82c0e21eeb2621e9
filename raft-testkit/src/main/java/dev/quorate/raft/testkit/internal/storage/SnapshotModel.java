package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayList;
import java.util.List;

/** Which snapshots one group has for good on one disk. */
public final class SnapshotModel {

  private final List<SnapshotId> durable = new ArrayList<>();

  /** Those that the disk did not give back when the store was opened last; they are there. */
  private final List<SnapshotId> unread = new ArrayList<>();

  private int made;

  /** How many this node made itself. */
  public int made() {
    return made;
  }

  /** The highest index of those that survive any crash; 0 without any. */
  public long newestIndex() {
    return durable.stream().mapToLong(SnapshotId::index).max().orElse(0);
  }

  void made(SnapshotId id) {
    made++;
    received(id);
  }

  void received(SnapshotId id) {
    unread.remove(id);
    if (!durable.contains(id)) {
      durable.add(id);
    }
  }

  /** It is about to be deleted, and may come back; so may what is older and was not read. */
  void deleting(SnapshotId id) {
    durable.remove(id);
    unread.removeIf(older -> older.index() <= id.index());
  }

  /**
   * A storage was opened again and lists these. What is missing was not read, for an error of the
   * disk each (I19).
   *
   * @param errors how many struck meanwhile
   */
  void reopened(List<SnapshotId> found, boolean damaged, long errors) {
    unread.addAll(durable);
    unread.removeAll(found);
    Violation.unless(
        damaged || unread.size() <= errors,
        "I19",
        () -> "found the snapshots " + found + " of " + durable + ", without " + unread);
    durable.clear();
    durable.addAll(found);
  }

  /**
   * What a batch says of snapshots: none is installed before it is durable (rule P13), and the log
   * is given up only behind one (I7).
   */
  void check(WriteBatch batch) {
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.InstallSnapshot install) {
        Violation.unless(
            durable.contains(install.snapshot()),
            "I9",
            () -> install + " is written with the snapshots " + durable);
      } else if (record instanceof WriteRecord.Compact compact) {
        Violation.unless(
            newestIndex() >= compact.throughIndex(),
            "I7",
            () -> compact + " is written with the snapshots " + durable);
      }
    }
  }
}
