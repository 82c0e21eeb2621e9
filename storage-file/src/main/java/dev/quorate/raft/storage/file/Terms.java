package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Which indexes a log has and the term of each: of the base, and where terms begin behind it. Every
 * change that is not legal is an {@link IllegalArgumentException}, so that a copy tells beforehand
 * whether records may be written.
 */
final class Terms {

  private final List<TermStart> starts;
  private long baseIndex;
  private long baseTerm;
  private long lastIndex;

  /** The last index that is known to be of no more use; the log may begin before it. */
  private long compacted;

  /** Those of an empty log. */
  Terms() {
    starts = new ArrayList<>();
  }

  private Terms(Terms other) {
    starts = new ArrayList<>(other.starts);
    baseIndex = other.baseIndex;
    baseTerm = other.baseTerm;
    lastIndex = other.lastIndex;
    compacted = other.compacted;
  }

  Terms copy() {
    return new Terms(this);
  }

  /** Begins a log without entries behind a base. */
  void begin(long index, long term) {
    starts.clear();
    baseIndex = index;
    baseTerm = term;
    lastIndex = index;
  }

  /** Takes what a record changes. */
  void take(WriteRecord record) {
    if (record instanceof WriteRecord.Truncate truncate) {
      truncate(truncate.fromIndex());
    } else if (record instanceof WriteRecord.Append append) {
      for (LogEntry entry : append.entries()) {
        append(entry.index(), entry.term());
      }
    } else if (record instanceof WriteRecord.Compact compact) {
      compact(compact.throughIndex(), compact.throughTerm());
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      install(install.snapshot());
    }
  }

  void append(long index, long term) {
    if (index != lastIndex + 1) {
      throw new IllegalArgumentException("entry " + index + " behind entry " + lastIndex);
    }
    if (starts.isEmpty() || term != lastTerm()) {
      starts.add(new TermStart(index, term));
    }
    lastIndex = index;
  }

  void truncate(long fromIndex) {
    if (fromIndex <= Math.max(baseIndex, compacted) || fromIndex > lastIndex + 1) {
      throw new IllegalArgumentException(
          "truncation from "
              + fromIndex
              + " of a log of "
              + (baseIndex + 1)
              + " to "
              + lastIndex
              + ", compacted through "
              + compacted);
    }
    starts.removeIf(start -> start.firstIndex() >= fromIndex);
    lastIndex = fromIndex - 1;
  }

  /** Notes a compaction; {@link #dropThrough} does it. */
  void compact(long throughIndex, long throughTerm) {
    if (throughIndex > lastIndex || throughIndex >= baseIndex && !has(throughIndex, throughTerm)) {
      throw new IllegalArgumentException(
          "compaction through "
              + throughIndex
              + " of term "
              + throughTerm
              + ", which is not in a log of "
              + (baseIndex + 1)
              + " to "
              + lastIndex);
    }
    compacted = Math.max(compacted, throughIndex);
  }

  /** Drops the entries up to an index, which is from the base to the last one. */
  void dropThrough(long index) {
    baseTerm = at(index);
    baseIndex = index;
    int over = 0;
    while (over + 1 < starts.size() && starts.get(over + 1).firstIndex() <= index + 1) {
      over++;
    }
    starts.subList(0, over).clear();
    if (index == lastIndex) {
      starts.clear();
    } else if (starts.get(0).firstIndex() <= index) {
      starts.set(0, new TermStart(index + 1, starts.get(0).term()));
    }
  }

  /** Drops the whole log, which goes on behind a snapshot. */
  void install(SnapshotId snapshot) {
    if (snapshot.index() < compacted) {
      throw new IllegalArgumentException(
          "a snapshot at "
              + snapshot.index()
              + " for a log that is compacted through "
              + compacted);
    }
    begin(snapshot.index(), snapshot.term());
    compacted = snapshot.index();
  }

  /** Whether the log has an index, be it the base, and that of a term. */
  boolean has(long index, long term) {
    return index >= baseIndex && index <= lastIndex && at(index) == term;
  }

  private long at(long index) {
    long term = baseTerm;
    for (TermStart start : starts) {
      if (start.firstIndex() > index) {
        break;
      }
      term = start.term();
    }
    return term;
  }

  long baseIndex() {
    return baseIndex;
  }

  long baseTerm() {
    return baseTerm;
  }

  long lastIndex() {
    return lastIndex;
  }

  /** The term of the last entry, or the base's. */
  long lastTerm() {
    return starts.isEmpty() ? baseTerm : starts.get(starts.size() - 1).term();
  }

  List<TermStart> starts() {
    return starts;
  }
}
