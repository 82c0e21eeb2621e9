package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A host's directory. One lock guards all that writes; the contract promises one such thread at a
 * time, and the lock makes {@link #hasSpace} and {@link #close} safe from others as well.
 */
final class FileStorage implements Storage {

  private final ReentrantLock lock = new ReentrantLock();
  private final Path directory;
  private final DirectoryLock held;
  private final long incarnation;
  private final int segmentBytes;
  private final WriteBuffer buffer = new WriteBuffer();
  private final StorageHealth health;
  private final ConcurrentNavigableMap<String, FileGroupLog> logs = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, FileSnapshotStore> snapshots = new TreeMap<>();
  private boolean closed;

  private FileStorage(Path directory, DirectoryLock held, long incarnation, int segmentBytes) {
    this.directory = directory;
    this.held = held;
    this.incarnation = incarnation;
    this.segmentBytes = segmentBytes;
    this.health = new StorageHealth(directory);
  }

  static FileStorage open(StorageContext context, int segmentBytes) throws IOException {
    // Asked first, because createDirectories of JDK 17 does not take a link to a directory for one.
    if (!Files.isDirectory(context.directory())) {
      DurableNames.createDirectories(context.directory());
    }
    DirectoryLock held = DirectoryLock.acquire(context.directory(), context.holder());
    try {
      Identity identity = Identity.establish(context);
      GroupRemoval.finish(context.directory());
      return new FileStorage(context.directory(), held, identity.incarnation(), segmentBytes);
    } catch (IOException | RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  @Override
  public long incarnation() {
    return incarnation;
  }

  @Override
  public GroupLog openLog(String group) throws IOException {
    GroupFiles files = new GroupFiles(directory, group);
    lock.lock();
    try {
      checkUsable();
      if (isOpen(group)) {
        throw new IllegalStateException("the log of group '" + group + "' is open already");
      }
      if (GroupRemoval.isMarked(files)) {
        throw new GroupRemovedException(group);
      }
      FileGroupLog log = FileGroupLog.open(lock, health, files, incarnation, segmentBytes, buffer);
      logs.put(group, log);
      closeSnapshots(group);
      return log;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpen(String group) {
    logs.values().removeIf(FileGroupLog::closed);
    return logs.containsKey(group);
  }

  private void closeSnapshots(String group) {
    FileSnapshotStore before = snapshots.remove(group);
    if (before != null) {
      before.close();
    }
  }

  @Override
  public boolean removeGroup(String group) throws IOException {
    GroupFiles files = new GroupFiles(directory, group);
    lock.lock();
    try {
      checkUsable();
      if (isOpen(group)) {
        throw new IllegalStateException(
            "group '" + group + "' cannot be removed while its log is open");
      }
      closeSnapshots(group);
      return GroupRemoval.run(files);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SnapshotStore openSnapshots(String group) throws IOException {
    GroupFiles files = new GroupFiles(directory, group);
    lock.lock();
    try {
      checkUsable();
      FileGroupLog log = logs.get(group);
      if (log == null || log.closed()) {
        throw new IllegalStateException("the log of group '" + group + "' is not open");
      }
      if (snapshots.containsKey(group)) {
        throw new IllegalStateException("the snapshots of group '" + group + "' are open already");
      }
      FileSnapshotStore opened = FileSnapshotStore.open(files, incarnation, health);
      snapshots.put(group, opened);
      return opened;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void force() throws IOException {
    lock.lock();
    try {
      checkUsable();
      health.must(
          () -> {
            for (FileGroupLog log : logs.values()) {
              log.force();
            }
          });
      logs.values().forEach(FileGroupLog::refill);
    } finally {
      lock.unlock();
    }
  }

  private void checkUsable() throws IOException {
    if (closed) {
      throw new IOException("the storage in " + directory + " is closed");
    }
    health.check();
  }

  /** Never waits for a write or a force that is under way: then it answers what held before. */
  @Override
  public boolean hasSpace() {
    if (!health.sound()) {
      return false;
    }
    if (allHaveSpares()) {
      return true;
    }
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (closed || !health.sound()) {
        return false;
      }
      logs.values().forEach(FileGroupLog::refill);
      return allHaveSpares();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Half of a segment. There is a spare for each log when {@link #hasSpace} says so, and of the
   * segment that begins in it three quarters are for commands: half of it for these bytes, and the
   * quarter between for the segment's header and for what is written along with commands.
   */
  @Override
  public long reserveBytes() {
    return segmentBytes / 2;
  }

  private boolean allHaveSpares() {
    for (FileGroupLog log : logs.values()) {
      if (!log.closed() && !log.hasSpare()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      snapshots.values().forEach(FileSnapshotStore::close);
      try (held) {
        closeLogs();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeLogs() throws IOException {
    IOException first = null;
    for (FileGroupLog log : logs.values()) {
      try {
        log.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
