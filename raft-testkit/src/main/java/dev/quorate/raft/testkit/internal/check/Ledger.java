package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was ever committed: I2 (an index and a term name one entry), I3 (a leader has all that was
 * committed), I4 (what is committed stays) and I13 (it is not truncated).
 */
public final class Ledger {

  private final List<LogEntry> committed = new ArrayList<>();
  private final List<Long> committedInTerm = new ArrayList<>();
  private final TreeMap<Long, Configuration> configurations = new TreeMap<>();
  private final Map<Position, Stored> stored = new HashMap<>();

  private record Position(long index, long term) {}

  private record Stored(LogEntry entry, long termBefore) {}

  /** It begins with what was committed elsewhere. */
  void restored(List<LogEntry> log) {
    for (LogEntry entry : log) {
      commit(entry, entry.term());
    }
  }

  private void commit(LogEntry entry, long term) {
    committed.add(entry);
    committedInTerm.add(term);
    LogModel.configuration(entry).ifPresent(it -> configurations.put(entry.index(), it));
  }

  /** The highest index that is known to be committed. */
  public long lastIndex() {
    return committed.size();
  }

  /** The committed entry at an index of at most {@link #lastIndex}. */
  public LogEntry at(long index) {
    return committed.get((int) index - 1);
  }

  /** The committed entry at an index, or null behind {@link #lastIndex}. */
  public LogEntry committedAt(long index) {
    return index <= committed.size() ? at(index) : null;
  }

  /** The committed configurations by index. */
  public NavigableMap<Long, Configuration> configurations() {
    return Collections.unmodifiableNavigableMap(configurations);
  }

  /** I2: a log was forced; equal positions mean equal entries and equal predecessors. */
  void stored(List<LogEntry> log) {
    for (int i = log.size() - 1; i >= 0; i--) {
      LogEntry entry = log.get(i);
      Stored now = new Stored(entry, i == 0 ? 0 : log.get(i - 1).term());
      Stored known = stored.putIfAbsent(new Position(entry.index(), entry.term()), now);
      if (known != null) {
        // All before was compared when this was stored.
        Violation.unless(known.equals(now), "I2", () -> now + " differs from " + known);
        return;
      }
    }
  }

  /**
   * I3: a node begins to lead a term. It has all that was committed in terms before it; votes may
   * reach a paused candidate so late that a leader of a later term has committed more.
   */
  void leads(NodeId id, long term, List<LogEntry> log) {
    for (int i = 0; i < committed.size(); i++) {
      LogEntry entry = committed.get(i);
      Violation.unless(
          committedInTerm.get(i) >= term || i < log.size() && log.get(i).equals(entry),
          "I3",
          () -> id + " leads in term " + term + " without committed entry " + entry);
    }
  }

  /** I4: a node, in a term, holds its log committed from an index to another. */
  void commits(NodeId id, long term, long from, long to, List<LogEntry> log) {
    for (long index = from; index <= to; index++) {
      LogEntry entry = log.get((int) index - 1);
      if (index > committed.size()) {
        commit(entry, term);
      } else {
        LogEntry known = at(index);
        Violation.unless(
            known.equals(entry), "I4", () -> id + " commits " + entry + " instead of " + known);
      }
    }
  }

  /**
   * I13: an entry is about to be truncated, by who is in a term. A message of a former leader may
   * reach a paused node so late that a leader of a later term has committed what it truncates;
   * whoever is in that later term, or beyond it, has only leaders that have the entry.
   */
  void truncates(NodeId id, long term, LogEntry entry) {
    Violation.unless(
        entry.index() > committed.size()
            || !at(entry.index()).equals(entry)
            || committedInTerm.get((int) entry.index() - 1) > term,
        "I13",
        () -> id + " truncates committed entry " + entry + " in term " + term);
  }
}
