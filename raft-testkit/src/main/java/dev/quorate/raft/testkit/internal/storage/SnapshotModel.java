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
    if (!durable.contains(id)) {
      durable.add(id);
    }
  }

  /** It is about to be deleted, and may come back. */
  void deleting(SnapshotId id) {
    durable.remove(id);
  }

  /** A storage was opened again and lists these (I19). */
  void reopened(List<SnapshotId> found, boolean damaged) {
    Violation.unless(
        damaged || found.containsAll(durable),
        "I19",
        () -> "found the snapshots " + found + " of " + durable);
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
