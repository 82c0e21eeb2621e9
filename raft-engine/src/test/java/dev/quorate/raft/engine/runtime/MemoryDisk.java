package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
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

/**
 * One node's disk: outlives the storages opened on it, loses what was not forced, fails when told
 * to.
 */
final class MemoryDisk implements StorageProvider {

  private long incarnation;
  private final MemorySnapshots snapshots = new MemorySnapshots();
  private final LogImage written = new LogImage();
  private final LogImage durable = new LogImage();
  private Optional<IOException> forceFailure = Optional.empty();
  private Optional<RuntimeException> closeFailure = Optional.empty();
  private boolean open;
  private boolean scarce;
  private boolean full;
  private boolean foundFull;
  private int forces;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public synchronized Storage open(StorageContext context) {
    if (incarnation == 0) {
      incarnation = context.newIncarnation();
    }
    written.become(durable);
    snapshots.restart();
    open = true;
    return new Opened();
  }

  synchronized void wipe() {
    incarnation = 0;
    durable.become(new LogImage());
    snapshots.lose();
  }

  MemorySnapshots snapshots() {
    return snapshots;
  }

  /** The index before the first entry that is retained. */
  synchronized long baseIndex() {
    return durable.baseIndex();
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
    return durable.lastIndex();
  }

  private final class Opened implements Storage, GroupLog {
    @Override
    public long incarnation() {
      synchronized (MemoryDisk.this) {
        return incarnation;
      }
    }

    @Override
    public GroupLog openLog(String group) {
      return this;
    }

    @Override
    public SnapshotStore openSnapshots(String group) {
      return snapshots;
    }

    @Override
    public RecoveredLog recovered() {
      synchronized (MemoryDisk.this) {
        return durable.recovered();
      }
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      synchronized (MemoryDisk.this) {
        if (full) {
          foundFull = true;
          throw new NoSpaceException("full", null);
        }
        batch.records().forEach(written::apply);
      }
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) {
      synchronized (MemoryDisk.this) {
        return written.read(from, to, maxBytes);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        if (forceFailure.isPresent()) {
          throw forceFailure.get();
        }
        forces++;
        durable.become(written);
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
}
