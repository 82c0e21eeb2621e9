package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.UnreadableException;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** A storage on one disk, with a model of what it promised to each group. */
public final class WatchedStorage implements StorageProvider {

  private final StorageProvider real;
  private final Trust trust;
  private final Map<String, WatchedGroup> groups = new LinkedHashMap<>();
  private final Map<String, IOException> damage = new LinkedHashMap<>();
  private Optional<StorageFailedException> failure = Optional.empty();
  private long incarnation;

  /** What the disk may be guilty of. */
  public interface Trust {
    /** Whether it ever said that something was forced that was not. */
    boolean hasLied();

    /** Whether it lost, or may have lost, what was forced. */
    boolean isDamaged();

    /** How many of its operations have failed so far. */
    long errors();
  }

  /** Hears of what happens to a group. */
  public interface Watcher {
    /** A batch is about to go down. */
    void writing(WriteBatch batch);

    /** An entry that is there is about to be truncated, as the leader of a term wants it. */
    void truncating(LogEntry entry, long term);

    /** All that was written is durable. */
    void forced();
  }

  /** Watches a storage whose disk is empty. */
  public WatchedStorage(StorageProvider real, Trust trust) {
    this.real = real;
    this.trust = trust;
  }

  /**
   * Watches a group. No other is opened.
   *
   * @param committed the entries that the group has committed; null behind the last
   */
  public WatchedGroup watch(String group, Watcher watcher, LongFunction<LogEntry> committed) {
    WatchedGroup watched = new WatchedGroup(group, watcher, committed, trust, () -> incarnation);
    groups.put(group, watched);
    return watched;
  }

  /** The incarnation of the disk, or 0 before it was first used. */
  public long incarnation() {
    return incarnation;
  }

  /** Why this process could not read a group's log, if it was damaged or unreadable. */
  public Optional<IOException> damage(String group) {
    return Optional.ofNullable(damage.get(group));
  }

  /** Whether a write or a force failed while this process opened a group. */
  public boolean failedWhenOpening() {
    return failure.isPresent();
  }

  /** The disk was replaced by an empty one. */
  public void wiped() {
    groups.values().forEach(WatchedGroup::wiped);
    incarnation = 0;
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public Storage open(StorageContext context) throws IOException {
    damage.clear();
    failure = Optional.empty();
    Storage opened = real.open(context);
    long before = incarnation;
    incarnation = opened.incarnation();
    Violation.unless(
        before == 0 || before == incarnation,
        "I19",
        () -> "incarnation " + incarnation + " is on the disk of " + before);
    return new Watched(opened);
  }

  @FunctionalInterface
  private interface Opening<T> {
    T open() throws IOException;
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
      WatchedGroup watched = groups.get(group);
      GroupLog log;
      try {
        log = sound(() -> storage.openLog(group));
      } catch (GroupRemovedException e) {
        watched.refused();
        throw e;
      } catch (CorruptionException | UnreadableException e) {
        damage.put(group, e);
        throw e;
      }
      watched.found(log);
      UnforcedCommands commands = new UnforcedCommands(storage.reserveBytes());
      unforced.add(commands);
      return new WatchedLog(log, watched, commands);
    }

    @Override
    public SnapshotStore openSnapshots(String group) throws IOException {
      long before = trust.errors();
      SnapshotStore store = sound(() -> storage.openSnapshots(group));
      return groups.get(group).found(store, trust.errors() - before);
    }

    /** Once a write or a force has failed nothing can be opened any more. */
    private <T> T sound(Opening<T> opening) throws IOException {
      try {
        T opened = opening.open();
        Violation.unless(
            failure.isEmpty(), "I19", () -> "a disk is used again that has failed: " + failure);
        return opened;
      } catch (StorageFailedException e) {
        failure = Optional.of(e);
        groups.values().forEach(WatchedGroup::failed);
        throw e;
      }
    }

    @Override
    public boolean removeGroup(String group) throws IOException {
      return groups.get(group).remove(storage);
    }

    @Override
    public void force() throws IOException {
      Violation.unless(
          failure.isEmpty(), "I19", () -> "a disk is forced again that has failed: " + failure);
      try {
        storage.force();
      } catch (IOException e) {
        groups.values().forEach(WatchedGroup::failed);
        throw e;
      }
      unforced.forEach(UnforcedCommands::forced);
      groups.values().forEach(WatchedGroup::forced);
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
}
