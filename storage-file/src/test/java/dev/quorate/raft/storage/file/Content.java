package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The trivial model of a log: its hard state and its entries. */
record Content(HardState hardState, List<LogEntry> entries) {

  static final Content EMPTY = new Content(HardState.INITIAL, List.of());

  /** What a batch makes of this. */
  Content after(WriteBatch batch) {
    HardState state = hardState;
    List<LogEntry> log = new ArrayList<>(entries);
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.SetHardState set) {
        state = set.state();
      } else if (record instanceof WriteRecord.Truncate truncate) {
        log.subList((int) truncate.fromIndex() - 1, log.size()).clear();
      } else if (record instanceof WriteRecord.Append append) {
        log.addAll(append.entries());
      }
    }
    return new Content(state, List.copyOf(log));
  }

  long lastIndex() {
    return entries.size();
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
    return new RecoveredLog(hardState, 0, 0, entries.size(), terms, configurations);
  }

  /** Every entry of a log, read in pieces. */
  static List<LogEntry> read(GroupLog log, long maxBytes) throws IOException {
    List<LogEntry> all = new ArrayList<>();
    for (List<LogEntry> some = log.read(1, Long.MAX_VALUE, maxBytes);
        !some.isEmpty();
        some = log.read(all.size() + 1, Long.MAX_VALUE, maxBytes)) {
      all.addAll(some);
    }
    return all;
  }
}
