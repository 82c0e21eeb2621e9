package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * A log whose batches are lost in a crash unless they were forced; what survives is a prefix. What
 * was compacted is remembered here, for those who judge, but not told to the node.
 */
final class SimDisk implements GroupLog {

  private final SimSpace space;
  private final LongFunction<LogEntry> committed;
  private final Content durable = new Content();
  private final Content written = new Content();
  private final ArrayDeque<WriteBatch> unforced = new ArrayDeque<>();
  private RecoveredLog recovered = RecoveredLog.EMPTY;
  private int installs;

  /** A log with all entries that it ever stood for. */
  private final class Content {
    private final List<LogEntry> entries = new ArrayList<>();
    private HardState hardState = HardState.INITIAL;
    private long base;

    private void become(Content other) {
      entries.clear();
      entries.addAll(other.entries);
      hardState = other.hardState;
      base = other.base;
    }

    private long termAt(long index) {
      return index > entries.size() ? -1 : index == 0 ? 0 : entries.get((int) index - 1).term();
    }

    private void apply(WriteRecord record) {
      if (record instanceof WriteRecord.SetHardState set) {
        hardState = set.state();
      } else if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          must(entry.index() == entries.size() + 1, entry);
          entries.add(entry);
        }
      } else if (record instanceof WriteRecord.Truncate truncate) {
        must(truncate.fromIndex() > base, truncate);
        entries.subList((int) truncate.fromIndex() - 1, entries.size()).clear();
      } else if (record instanceof WriteRecord.Compact compact) {
        must(termAt(compact.throughIndex()) == compact.throughTerm(), compact);
        base = Math.max(base, compact.throughIndex());
      } else if (record instanceof WriteRecord.InstallSnapshot install) {
        install(install.snapshot());
      }
    }

    private void install(SnapshotId snapshot) {
      must(snapshot.index() >= base, snapshot);
      if (termAt(snapshot.index()) != snapshot.term()) {
        entries.clear();
        for (long index = 1; index <= snapshot.index(); index++) {
          entries.add(committed.apply(index));
        }
        must(termAt(snapshot.index()) == snapshot.term(), snapshot);
      }
      base = snapshot.index();
    }

    private void must(boolean holds, Object what) {
      if (!holds) {
        throw new AssertionError(what + " on a log from behind " + base + " to " + entries.size());
      }
    }
  }

  /**
   * An empty disk.
   *
   * @param committed the entries that the group has committed, which a snapshot stands for
   */
  SimDisk(SimSpace space, LongFunction<LogEntry> committed) {
    this.space = space;
    this.committed = committed;
  }

  /** The entries that survive any crash, in themselves or in a snapshot. */
  List<LogEntry> durableEntries() {
    return durable.entries;
  }

  HardState durableState() {
    return durable.hardState;
  }

  /** The entries that the running process has, in themselves or in a snapshot. */
  List<LogEntry> writtenEntries() {
    return written.entries;
  }

  /** Up to which index the log is compacted for good. */
  long durableBase() {
    return durable.base;
  }

  /** How many snapshots of others were installed for good. */
  int installs() {
    return installs;
  }

  @Override
  public void write(WriteBatch batch) throws NoSpaceException {
    space.take(batch);
    unforced.add(batch);
    batch.records().forEach(written::apply);
  }

  void wipe() {
    durable.become(new Content());
    written.become(durable);
    unforced.clear();
    recovered = RecoveredLog.EMPTY;
  }

  void force() {
    while (!unforced.isEmpty()) {
      forceOne();
    }
  }

  /** A crash keeps any prefix of what was not forced; reopening makes it durable (rule P3). */
  void crash(RandomGenerator random) {
    int kept = random.nextInt(unforced.size() + 1);
    for (int i = 0; i < kept; i++) {
      forceOne();
    }
    unforced.clear();
    written.become(durable);
  }

  private void forceOne() {
    for (WriteRecord record : unforced.poll().records()) {
      durable.apply(record);
      installs += record instanceof WriteRecord.InstallSnapshot ? 1 : 0;
    }
  }

  /** Opens what is durable. */
  RecoveredLog open() {
    space.open();
    List<TermStart> terms = new ArrayList<>();
    List<LogEntry> configurations = new ArrayList<>();
    for (LogEntry entry : durable.entries.subList((int) durable.base, durable.entries.size())) {
      if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
        terms.add(new TermStart(entry.index(), entry.term()));
      }
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    recovered =
        new RecoveredLog(
            durable.hardState,
            durable.base,
            durable.termAt(durable.base),
            durable.entries.size(),
            terms,
            configurations);
    return recovered;
  }

  @Override
  public RecoveredLog recovered() {
    return recovered;
  }

  @Override
  public List<LogEntry> read(long from, long to, long maxBytes) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    long last = Math.min(to - 1, written.entries.size());
    for (long index = from; from > written.base && index <= last && bytes < maxBytes; index++) {
      found.add(written.entries.get((int) index - 1));
      bytes += written.entries.get((int) index - 1).encodedLength();
    }
    return found;
  }

  @Override
  public void close() {}
}
