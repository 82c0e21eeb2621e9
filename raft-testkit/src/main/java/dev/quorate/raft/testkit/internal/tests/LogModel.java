package dev.quorate.raft.testkit.internal.tests;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The trivial model of a log.
 *
 * @param hardState the last hard state
 * @param entries all entries, from index 1 on
 */
public record LogModel(HardState hardState, List<LogEntry> entries) {

  /** The log that nothing was written to. */
  public static final LogModel EMPTY = new LogModel(HardState.INITIAL, List.of());

  /** Copies the list. */
  public LogModel {
    entries = List.copyOf(entries);
  }

  /** What a batch makes of this. */
  public LogModel after(WriteBatch batch) {
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
    return new LogModel(state, log);
  }

  /** The index of the last entry, or 0. */
  public long lastIndex() {
    return entries.size();
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
    return new RecoveredLog(hardState, 0, 0, entries.size(), terms, configurations);
  }

  /** What a log holds that was just opened, its entries read in pieces of so many bytes. */
  public static LogModel of(GroupLog log, long maxBytes) throws IOException {
    return new LogModel(log.recovered().hardState(), read(log, maxBytes));
  }

  /** Every entry of a log, read in pieces of so many bytes. */
  public static List<LogEntry> read(GroupLog log, long maxBytes) throws IOException {
    List<LogEntry> all = new ArrayList<>();
    for (List<LogEntry> some = log.read(1, Long.MAX_VALUE, maxBytes);
        !some.isEmpty();
        some = log.read(all.size() + 1, Long.MAX_VALUE, maxBytes)) {
      all.addAll(some);
    }
    return all;
  }
}
