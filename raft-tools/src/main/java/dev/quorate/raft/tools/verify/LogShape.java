package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;
import java.util.TreeMap;

/** Where the log ends and which terms it has, as the records so far say. */
final class LogShape {

  /** Terms by the first index of each run of them. */
  private final TreeMap<Long, Long> terms = new TreeMap<>();

  private long lastIndex;

  /** Goes on, or begins anew where the segments before do not lead here. */
  void begin(SegmentInspection segment) {
    if (lastIndex != segment.baseIndex() || lastTerm() != segment.baseTerm()) {
      restart(segment.baseIndex(), segment.baseTerm());
    }
  }

  private void restart(long index, long term) {
    terms.clear();
    terms.put(index, term);
    lastIndex = index;
  }

  void take(WriteRecord record) {
    if (record instanceof WriteRecord.Append append) {
      append.entries().forEach(this::append);
    } else if (record instanceof WriteRecord.Truncate truncate) {
      lastIndex = truncate.fromIndex() - 1;
      terms.tailMap(truncate.fromIndex(), true).clear();
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      restart(install.snapshot().index(), install.snapshot().term());
    }
  }

  private void append(LogEntry entry) {
    if (entry.term() != lastTerm()) {
      terms.put(entry.index(), entry.term());
    }
    lastIndex = entry.index();
  }

  long lastIndex() {
    return lastIndex;
  }

  /** The term of the last entry; 0 where the log begins behind what is known. */
  long lastTerm() {
    return terms.isEmpty() ? 0 : terms.lastEntry().getValue();
  }
}
