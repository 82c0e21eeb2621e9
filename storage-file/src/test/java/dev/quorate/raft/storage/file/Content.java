package dev.quorate.raft.storage.file;

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
 * The trivial model of a log. What is compacted stays in it, because a storage may keep it.
 *
 * @param compacted the last index that the log need not have any more
 */
record Content(
    HardState hardState, long compacted, long baseIndex, long baseTerm, List<LogEntry> entries) {

  static final Content EMPTY = new Content(HardState.INITIAL, 0, 0, 0, List.of());

  /** What a log holds that was just opened. */
  static Content of(GroupLog log) throws IOException {
    RecoveredLog recovered = log.recovered();
    long base = recovered.baseIndex();
    return new Content(
        recovered.hardState(), base, base, recovered.baseTerm(), List.copyOf(read(log, base, 700)));
  }

  /** What a batch makes of this. */
  Content after(WriteBatch batch) {
    Content content = this;
    for (WriteRecord record : batch.records()) {
      content = content.after(record);
    }
    return content;
  }

  private Content after(WriteRecord record) {
    List<LogEntry> log = new ArrayList<>(entries);
    if (record instanceof WriteRecord.SetHardState set) {
      return new Content(set.state(), compacted, baseIndex, baseTerm, entries);
    } else if (record instanceof WriteRecord.Truncate truncate) {
      log.subList((int) (truncate.fromIndex() - baseIndex) - 1, log.size()).clear();
    } else if (record instanceof WriteRecord.Append append) {
      log.addAll(append.entries());
    } else if (record instanceof WriteRecord.Compact compact) {
      return compactedThrough(Math.max(compacted, compact.throughIndex()));
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      SnapshotId id = install.snapshot();
      return id.index() >= baseIndex && id.index() <= lastIndex() && term(id.index()) == id.term()
          ? compactedThrough(Math.max(compacted, id.index()))
          : new Content(hardState, id.index(), id.index(), id.term(), List.of());
    }
    return new Content(hardState, compacted, baseIndex, baseTerm, List.copyOf(log));
  }

  Content compactedThrough(long index) {
    return new Content(hardState, index, baseIndex, baseTerm, entries);
  }

  /** The term of an index from the base to the end. */
  long term(long index) {
    return index == baseIndex ? baseTerm : entries.get((int) (index - baseIndex) - 1).term();
  }

  long lastIndex() {
    return baseIndex + entries.size();
  }

  /** This without what is up to a later base. */
  Content from(long base) {
    return new Content(
        hardState,
        base,
        base,
        term(base),
        entries.subList((int) (base - baseIndex), entries.size()));
  }

  /** Whether a log may hold this after an opening, if it should hold the other. */
  boolean mayBe(Content other) {
    return baseIndex >= other.baseIndex
        && baseIndex <= other.compacted
        && equals(other.from(baseIndex));
  }

  /** What a log that has this content says after it was opened. */
  RecoveredLog recovered() {
    List<RecoveredLog.TermStart> terms = new ArrayList<>();
    List<LogEntry> configurations = new ArrayList<>();
    long term = -1;
    for (LogEntry entry : entries) {
      if (entry.term() != term) {
        terms.add(new RecoveredLog.TermStart(entry.index(), entry.term()));
        term = entry.term();
      }
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    return new RecoveredLog(hardState, baseIndex, baseTerm, lastIndex(), terms, configurations);
  }

  /** Every entry of a log behind an index, read in pieces. */
  static List<LogEntry> read(GroupLog log, long behind, long maxBytes) throws IOException {
    List<LogEntry> all = new ArrayList<>();
    for (List<LogEntry> some = log.read(behind + 1, Long.MAX_VALUE, maxBytes);
        !some.isEmpty();
        some = log.read(behind + all.size() + 1, Long.MAX_VALUE, maxBytes)) {
      all.addAll(some);
    }
    return all;
  }
}
