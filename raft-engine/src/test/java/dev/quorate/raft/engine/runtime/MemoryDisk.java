package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.engine.disk.LogImage;
import dev.quorate.raft.engine.disk.MemorySnapshots;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One node's disk: outlives the storages opened on it, loses what was not forced, fails when told
 * to.
 */
final class MemoryDisk implements StorageProvider {

  private long incarnation;
  private final SortedMap<String, Files> groups = new TreeMap<>();
  private final Set<String> removed = new TreeSet<>();
  private Optional<IOException> forceFailure = Optional.empty();
  private Optional<RuntimeException> closeFailure = Optional.empty();
  private Optional<IOException> openFailure = Optional.empty();
  private boolean open;
  private boolean scarce;
  private boolean full;
  private boolean foundFull;
  private int forces;

  /** What is on the disk of one group. */
  private static final class Files {
    private final MemorySnapshots snapshots = new MemorySnapshots();
    private final LogImage written = new LogImage();
    private final LogImage durable = new LogImage();
    private boolean open;
  }

  private Files files(String group) {
    return groups.computeIfAbsent(group, absent -> new Files());
  }

  private Files files() {
    return files("default");
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public synchronized Storage open(StorageContext context) {
    if (incarnation == 0) {
      incarnation = context.newIncarnation();
    }
    for (Files files : groups.values()) {
      files.written.become(files.durable);
      files.snapshots.restart();
      files.open = false;
    }
    open = true;
    return new Opened();
  }

  synchronized void wipe() {
    incarnation = 0;
    for (Files files : groups.values()) {
      files.durable.become(new LogImage());
      files.snapshots.lose();
    }
  }

  synchronized MemorySnapshots snapshots() {
    return files().snapshots;
  }

  /** The index before the first entry that is retained. */
  synchronized long baseIndex() {
    return files().durable.baseIndex();
  }

  /** Only the reserve is left. */
  synchronized void scarce(boolean value) {
    scarce = value;
  }

  /**
   * Not even a reserve is left, which the next write finds out. Nobody knows before: a node that
   * learnt it between two steps of a test would refuse the command that is to find it.
   */
  synchronized void full(boolean value) {
    full = value;
    foundFull = false;
  }

  synchronized void failForces(IOException failure) {
    forceFailure = Optional.of(failure);
  }

  /** Logs cannot be opened as long as there is a failure. */
  synchronized void failOpening(Optional<IOException> failure) {
    openFailure = failure;
  }

  synchronized void failClose(RuntimeException failure) {
    closeFailure = Optional.of(failure);
  }

  synchronized boolean isOpen() {
    return open;
  }

  synchronized int forces() {
    return forces;
  }

  synchronized long durableIndex() {
    return files().durable.lastIndex();
  }

  /** The open logs of these groups. */
  synchronized List<String> openLogs() {
    return groups.keySet().stream().filter(group -> groups.get(group).open).toList();
  }

  private final class Opened implements Storage {
    @Override
    public long incarnation() {
      synchronized (MemoryDisk.this) {
        return incarnation;
      }
    }

    @Override
    public GroupLog openLog(String group) throws IOException {
      synchronized (MemoryDisk.this) {
        if (openFailure.isPresent()) {
          throw openFailure.get();
        }
        if (removed.contains(group)) {
          throw new GroupRemovedException(group);
        }
        Files files = files(group);
        if (files.open) {
          throw new IllegalStateException("the log of " + group + " is open");
        }
        files.open = true;
        return new Log(files);
      }
    }

    @Override
    public SnapshotStore openSnapshots(String group) {
      synchronized (MemoryDisk.this) {
        return files(group).snapshots;
      }
    }

    @Override
    public boolean removeGroup(String group) throws IOException {
      synchronized (MemoryDisk.this) {
        if (openFailure.isPresent()) {
          throw openFailure.get();
        }
        return groups.remove(group) != null && removed.add(group);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        if (forceFailure.isPresent()) {
          throw forceFailure.get();
        }
        forces++;
        groups.values().forEach(files -> files.durable.become(files.written));
      }
    }

    @Override
    public boolean hasSpace() {
      synchronized (MemoryDisk.this) {
        return !foundFull && !scarce;
      }
    }

    @Override
    public long reserveBytes() {
      return 64 << 20;
    }

    @Override
    public void close() {
      synchronized (MemoryDisk.this) {
        open = false;
        if (closeFailure.isPresent()) {
          throw closeFailure.get();
        }
      }
    }
  }

  private final class Log implements GroupLog {
    private final Files files;

    Log(Files files) {
      this.files = files;
    }

    @Override
    public RecoveredLog recovered() {
      synchronized (MemoryDisk.this) {
        return files.durable.recovered();
      }
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      synchronized (MemoryDisk.this) {
        if (full) {
          foundFull = true;
          throw new NoSpaceException("full", null);
        }
        batch.records().forEach(files.written::apply);
      }
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) {
      synchronized (MemoryDisk.this) {
        return files.written.read(from, to, maxBytes);
      }
    }

    @Override
    public void close() {
      synchronized (MemoryDisk.this) {
        files.durable.become(files.written);
        files.open = false;
      }
    }
  }
}
