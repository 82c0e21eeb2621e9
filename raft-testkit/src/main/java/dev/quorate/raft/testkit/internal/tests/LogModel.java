package dev.quorate.raft.testkit.internal.tests;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The trivial model of a log. A compaction drops at once all that it may.
 *
 * @param hardState the last hard state
 * @param baseIndex the index before the first entry
 * @param baseTerm the term there
 * @param entries all entries, from the one behind the base on
 */
public record LogModel(HardState hardState, long baseIndex, long baseTerm, List<LogEntry> entries) {

  /** The log that nothing was written to. */
  public static final LogModel EMPTY = new LogModel(HardState.INITIAL, 0, 0, List.of());

  /** Copies the list. */
  public LogModel {
    entries = List.copyOf(entries);
  }

  /** What a batch makes of this. */
  public LogModel after(WriteBatch batch) {
    LogModel model = this;
    for (WriteRecord record : batch.records()) {
      model = model.after(record);
    }
    return model;
  }

  private LogModel after(WriteRecord record) {
    List<LogEntry> log = new ArrayList<>(entries);
    if (record instanceof WriteRecord.SetHardState set) {
      return new LogModel(set.state(), baseIndex, baseTerm, entries);
    } else if (record instanceof WriteRecord.Truncate truncate) {
      log.subList((int) (truncate.fromIndex() - baseIndex) - 1, log.size()).clear();
    } else if (record instanceof WriteRecord.Append append) {
      log.addAll(append.entries());
    } else if (record instanceof WriteRecord.Compact compact) {
      return behind(compact.throughIndex());
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      SnapshotId id = install.snapshot();
      return has(id.index(), id.term())
          ? behind(id.index())
          : new LogModel(hardState, id.index(), id.term(), List.of());
    }
    return new LogModel(hardState, baseIndex, baseTerm, log);
  }

  /** Whether an entry of a term is at an index, be it the base. */
  public boolean has(long index, long term) {
    return index >= baseIndex && index <= lastIndex() && term(index) == term;
  }

  /** The term of an index from the base to the last one. */
  public long term(long index) {
    return index == baseIndex ? baseTerm : entries.get((int) (index - baseIndex) - 1).term();
  }

  /** This without what is up to an index; this itself if that is gone already. */
  public LogModel behind(long index) {
    return index <= baseIndex
        ? this
        : new LogModel(
            hardState,
            index,
            term(index),
            entries.subList((int) (index - baseIndex), entries.size()));
  }

  /** The index of the last entry, or the base. */
  public long lastIndex() {
    return baseIndex + entries.size();
  }

  /** What a log that has this content says after it was opened. */
  public RecoveredLog recovered() {
    List<RecoveredLog.TermStart> terms = new ArrayList<>();
    List<LogEntry> configurations = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (terms.isEmpty() || entry.term() != terms.get(terms.size() - 1).term()) {
        terms.add(new RecoveredLog.TermStart(entry.index(), entry.term()));
      }
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    return new RecoveredLog(hardState, baseIndex, baseTerm, lastIndex(), terms, configurations);
  }

  /** What a log holds that was just opened, its entries read in pieces of so many bytes. */
  public static LogModel of(GroupLog log, long maxBytes) throws IOException {
    RecoveredLog recovered = log.recovered();
    long base = recovered.baseIndex();
    return new LogModel(
        recovered.hardState(), base, recovered.baseTerm(), read(log, base, maxBytes));
  }

  /** Every entry of a log behind an index, read in pieces of so many bytes. */
  public static List<LogEntry> read(GroupLog log, long behind, long maxBytes) throws IOException {
    List<LogEntry> all = new ArrayList<>();
    for (List<LogEntry> some = log.read(behind + 1, Long.MAX_VALUE, maxBytes);
        !some.isEmpty();
        some = log.read(behind + all.size() + 1, Long.MAX_VALUE, maxBytes)) {
      all.addAll(some);
    }
    return all;
  }
}
