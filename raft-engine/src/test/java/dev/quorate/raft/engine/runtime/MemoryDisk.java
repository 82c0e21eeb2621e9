package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One node's disk: outlives the storages opened on it, loses what was not forced, fails when told
 * to.
 */
final class MemoryDisk implements StorageProvider {

  private long incarnation;
  private List<LogEntry> entries = new ArrayList<>();
  private HardState hardState = HardState.INITIAL;
  private List<LogEntry> durableEntries = List.of();
  private HardState durableHardState = HardState.INITIAL;
  private Optional<IOException> forceFailure = Optional.empty();
  private Optional<RuntimeException> closeFailure = Optional.empty();
  private boolean open;
  private boolean scarce;
  private boolean full;
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
    entries = new ArrayList<>(durableEntries);
    hardState = durableHardState;
    open = true;
    return new Opened();
  }

  synchronized void wipe() {
    incarnation = 0;
    durableEntries = List.of();
    durableHardState = HardState.INITIAL;
  }

  /** Only the reserve is left. */
  synchronized void scarce(boolean value) {
    scarce = value;
  }

  /** Not even a reserve is left. */
  synchronized void full(boolean value) {
    full = value;
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
    return durableEntries.size();
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
      throw new UnsupportedOperationException("no snapshots yet");
    }

    @Override
    public RecoveredLog recovered() {
      synchronized (MemoryDisk.this) {
        List<RecoveredLog.TermStart> terms = new ArrayList<>();
        long term = -1;
        for (LogEntry entry : durableEntries) {
          if (entry.term() != term) {
            term = entry.term();
            terms.add(new RecoveredLog.TermStart(entry.index(), term));
          }
        }
        List<LogEntry> configurations =
            durableEntries.stream()
                .filter(entry -> entry.type() == LogEntry.Type.CONFIGURATION)
                .toList();
        return new RecoveredLog(
            durableHardState, 0, 0, durableEntries.size(), terms, configurations);
      }
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      synchronized (MemoryDisk.this) {
        if (full) {
          throw new NoSpaceException("full", null);
        }
        for (WriteRecord record : batch.records()) {
          if (record instanceof WriteRecord.SetHardState state) {
            hardState = state.state();
          } else if (record instanceof WriteRecord.Append append) {
            if (append.entries().get(0).index() != entries.size() + 1) {
              throw new IllegalStateException("a gap in the log");
            }
            entries.addAll(append.entries());
          } else if (record instanceof WriteRecord.Truncate truncate) {
            entries = new ArrayList<>(entries.subList(0, (int) truncate.fromIndex() - 1));
          }
        }
      }
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) {
      synchronized (MemoryDisk.this) {
        int end = (int) Math.min(to - 1, entries.size());
        return from > end ? List.of() : List.copyOf(entries.subList((int) from - 1, end));
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        if (forceFailure.isPresent()) {
          throw forceFailure.get();
        }
        forces++;
        durableEntries = List.copyOf(entries);
        durableHardState = hardState;
      }
    }

    @Override
    public boolean hasSpace() {
      synchronized (MemoryDisk.this) {
        return !full && !scarce;
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
