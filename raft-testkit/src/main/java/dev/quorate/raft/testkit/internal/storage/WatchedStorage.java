package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** A storage on one disk, with a model of what it promised. One group. */
public final class WatchedStorage implements StorageProvider {

  private final StorageProvider real;
  private final Watcher watcher;
  private final LongFunction<LogEntry> committed;
  private final Trust trust;
  private final Map<Long, LogModel> lost = new TreeMap<>();
  private LogModel model;
  private SnapshotModel snapshots = new SnapshotModel();
  private long incarnation;

  /** What the disk may be guilty of. */
  public interface Trust {
    /** Whether it ever said that something was forced that was not. */
    boolean hasLied();

    /** Whether it lost, or may have lost, what was forced. */
    boolean isDamaged();
  }

  /** Hears of what happens. */
  public interface Watcher {
    /** A batch is about to go down. */
    void writing(WriteBatch batch);

    /** An entry that is there is about to be truncated. */
    void truncating(LogEntry entry);

    /** All that was written is durable. */
    void forced();
  }

  /**
   * Watches a storage whose disk is empty.
   *
   * @param committed the entries that the group has committed; null behind the last
   */
  public WatchedStorage(
      StorageProvider real, Watcher watcher, LongFunction<LogEntry> committed, Trust trust) {
    this.real = real;
    this.watcher = watcher;
    this.committed = committed;
    this.trust = trust;
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
    return incarnation;
  }

  /**
   * Whether the disk of that incarnation holds an entry of that term at that index for good, or did
   * until it was lost.
   */
  public boolean held(long disk, long index, long term) {
    LogModel found = disk == incarnation ? model : lost.get(disk);
    return found != null && found.holds(index, term);
  }

  /** The disk was replaced by an empty one. */
  public void wiped() {
    lost.put(incarnation, model);
    model = new LogModel(committed);
    snapshots = new SnapshotModel();
    incarnation = 0;
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public Storage open(StorageContext context) throws IOException {
    Storage opened = real.open(context);
    long before = incarnation;
    incarnation = opened.incarnation();
    Violation.unless(
        before == 0 || before == incarnation,
        "I19",
        () -> "incarnation " + incarnation + " is on the disk of " + before);
    return new Watched(opened);
  }

  private final class Watched implements Storage {

    private final Storage storage;
    private final List<UnforcedCommands> unforced = new ArrayList<>();

    private Watched(Storage storage) {
      this.storage = storage;
    }

    @Override
    public long incarnation() {
      return storage.incarnation();
    }

    @Override
    public GroupLog openLog(String group) throws IOException {
      GroupLog log = storage.openLog(group);
      RecoveredLog found = log.recovered();
      List<LogEntry> entries =
          new ArrayList<>(
              model
                  .dropped(found.baseIndex())
                  .orElseThrow(() -> new Violation("I19", found + " of " + model)));
      while (entries.size() < found.lastIndex()) {
        List<LogEntry> next = log.read(entries.size() + 1L, found.lastIndex() + 1, Long.MAX_VALUE);
        Violation.unless(
            !next.isEmpty(),
            "I19",
            () -> "after " + entries.size() + " of " + found + " is nothing");
        entries.addAll(next);
      }
      if (model.reopened(found.hardState(), found.baseIndex(), entries).isEmpty()) {
        foundLess(found, entries);
      }
      watcher.forced();
      UnforcedCommands commands = new UnforcedCommands(storage.reserveBytes());
      unforced.add(commands);
      return new WatchedLog(log, commands);
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

    @Override
    public SnapshotStore openSnapshots(String group) throws IOException {
      SnapshotStore store = storage.openSnapshots(group);
      snapshots.reopened(store.list(), trust.isDamaged());
      return new WatchedSnapshots(store, snapshots);
    }

    @Override
    public void force() throws IOException {
      storage.force();
      unforced.forEach(UnforcedCommands::forced);
      model.forced();
      watcher.forced();
    }

    @Override
    public boolean hasSpace() {
      return storage.hasSpace();
    }

    @Override
    public long reserveBytes() {
      return storage.reserveBytes();
    }

    @Override
    public void close() throws IOException {
      storage.close();
    }
  }

  private final class WatchedLog implements GroupLog {

    private final GroupLog log;
    private final UnforcedCommands unforced;

    private WatchedLog(GroupLog log, UnforcedCommands unforced) {
      this.log = log;
      this.unforced = unforced;
    }

    @Override
    public RecoveredLog recovered() {
      return log.recovered();
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      model.check(batch);
      snapshots.check(batch);
      watcher.writing(batch);
      for (WriteRecord record : batch.records()) {
        if (record instanceof WriteRecord.Truncate truncate) {
          List<LogEntry> entries = model.writtenEntries();
          entries
              .subList((int) truncate.fromIndex() - 1, entries.size())
              .forEach(watcher::truncating);
        }
      }
      // Before it is written, because a crash in the middle may leave it there or not.
      model.written(batch);
      try {
        log.write(batch);
        unforced.written(batch);
      } catch (NoSpaceException e) {
        model.unwritten();
        throw e;
      }
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
      return log.read(from, to, maxBytes);
    }

    @Override
    public void close() throws IOException {
      log.close();
    }
  }
}
