package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * One group on one disk: a model of its log and its snapshots, and whether it may be there. Once
 * its removal was said to be done it never is again, on that disk; a removal that failed, or in
 * which the process died, leaves it whole or removed (I19).
 */
public final class WatchedGroup {

  private final String name;
  private final WatchedStorage.Watcher watcher;
  private final LongFunction<LogEntry> committed;
  private final WatchedStorage.Trust trust;
  private final LongSupplier incarnation;
  private final Map<Long, LogModel> lost = new TreeMap<>();
  private LogModel model;
  private SnapshotModel snapshots = new SnapshotModel();
  private Presence presence = Presence.HERE;
  private boolean failed;

  private enum Presence {
    HERE,
    LEAVING,
    REMOVED
  }

  WatchedGroup(
      String name,
      WatchedStorage.Watcher watcher,
      LongFunction<LogEntry> committed,
      WatchedStorage.Trust trust,
      LongSupplier incarnation) {
    this.name = name;
    this.watcher = watcher;
    this.committed = committed;
    this.trust = trust;
    this.incarnation = incarnation;
    this.model = new LogModel(committed);
  }

  /** What is on the disk. */
  public LogModel model() {
    return model;
  }

  /** The snapshots on the disk. */
  public SnapshotModel snapshots() {
    return snapshots;
  }

  /** The incarnation of the disk, or 0 before it was first used. */
  public long incarnation() {
    return incarnation.getAsLong();
  }

  /** Whether the group is removed from the disk, or may be. */
  public boolean isLeaving() {
    return presence != Presence.HERE;
  }

  /**
   * Whether the disk of that incarnation holds an entry of that term at that index for good, or did
   * until it was lost.
   */
  public boolean held(long disk, long index, long term) {
    LogModel found = disk == incarnation() ? model : lost.get(disk);
    return found != null && found.holds(index, term);
  }

  /** The disk begins with a snapshot of what is committed up to an index, and nothing else. */
  public void restored(long index) {
    model.restored(index);
  }

  void wiped() {
    lost.put(incarnation(), model);
    model = new LogModel(committed);
    snapshots = new SnapshotModel();
    presence = Presence.HERE;
  }

  /** Has the storage remove it. If that fails it may be removed or not. */
  boolean remove(Storage storage) throws IOException {
    Presence before = presence;
    if (before == Presence.HERE) {
      presence = Presence.LEAVING;
    }
    boolean any = storage.removeGroup(name);
    Violation.unless(
        any || before != Presence.HERE || model.writtenEntries().isEmpty(),
        "I19",
        () -> "nothing is said to be of group " + name + ", promised: " + model);
    presence = any ? Presence.REMOVED : before;
    return any;
  }

  /** The storage says that the group is removed. */
  void refused() {
    Violation.unless(
        presence != Presence.HERE, "I19", () -> "group " + name + " is removed by nobody");
  }

  /** The storage was opened again and has this log. */
  void found(GroupLog log) throws IOException {
    RecoveredLog found = log.recovered();
    if (presence == Presence.REMOVED) {
      Violation.unless(trust.hasLied(), "I19", () -> "group " + name + " is back: " + found);
      throw new IOException("the disk lost that group " + name + " was removed");
    }
    presence = Presence.HERE;
    failed = false;
    List<LogEntry> entries =
        new ArrayList<>(
            model
                .dropped(found.baseIndex())
                .orElseThrow(() -> new Violation("I19", found + " of " + model)));
    while (entries.size() < found.lastIndex()) {
      List<LogEntry> next = log.read(entries.size() + 1L, found.lastIndex() + 1, Long.MAX_VALUE);
      Violation.unless(
          !next.isEmpty(), "I19", () -> "after " + entries.size() + " of " + found + " is nothing");
      entries.addAll(next);
    }
    if (model.reopened(found.hardState(), found.baseIndex(), entries).isEmpty()) {
      foundLess(found, entries);
    }
    watcher.forced();
  }

  /**
   * No log can notice that its disk left out the last of what it said was forced. But it must not
   * take anything else for its log than what it was at some time.
   */
  private void foundLess(RecoveredLog found, List<LogEntry> entries) throws IOException {
    Violation.unless(
        trust.hasLied() && model.wasOnce(found.hardState(), found.baseIndex(), entries),
        "I19",
        () ->
            "found "
                + found.hardState()
                + " and "
                + entries.size()
                + " entries; promised: "
                + model);
    throw new IOException("the disk lost the end of what it said was forced");
  }

  /**
   * The storage has these snapshots.
   *
   * @param errors how many of the disk struck while they were opened
   */
  SnapshotStore found(SnapshotStore store, long errors) throws IOException {
    snapshots.reopened(store.list(), trust.isDamaged(), errors);
    return new WatchedSnapshots(store, snapshots);
  }

  void writing(WriteBatch batch) {
    model.check(batch);
    snapshots.check(batch);
    watcher.writing(batch);
    long term = model.writtenTerm();
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.SetHardState set) {
        term = set.state().term();
      } else if (record instanceof WriteRecord.Truncate truncate) {
        List<LogEntry> entries = model.writtenEntries();
        // What the same batch appended before is not there yet, and nobody was told of it.
        int from = (int) Math.min(truncate.fromIndex() - 1, entries.size());
        for (LogEntry entry : entries.subList(from, entries.size())) {
          watcher.truncating(entry, term);
        }
      }
    }
    model.written(batch);
  }

  /** A write or a force has failed for good. */
  void failed() {
    failed = true;
  }

  /**
   * Whether a write or a force has failed since the storage was opened, so that the node gives up,
   * now or in a later turn.
   */
  public boolean hasFailed() {
    return failed;
  }

  void unwritten() {
    model.unwritten();
  }

  void forced() {
    if (presence == Presence.HERE) {
      model.forced();
      watcher.forced();
    }
  }
}
