package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was ever committed, and by which logs: I2 (an index and a term name one entry), I3 (a leader
 * has all that was committed), I4 (what is committed stays) and I6 (it is durable on a majority).
 */
public final class Ledger {

  private final List<LogEntry> committed = new ArrayList<>();
  private final List<Long> committedInTerm = new ArrayList<>();
  private final Map<Position, Stored> stored = new HashMap<>();

  private record Position(long index, long term) {}

  private record Stored(LogEntry entry, long termBefore) {}

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

  /** I4 and I6: a node, in a term, holds its log committed from an index to another. */
  void commits(
      NodeId id,
      long term,
      long from,
      long to,
      WatchedStorage own,
      Collection<WatchedStorage> all) {
    List<LogEntry> log = own.model().durableEntries();
    for (long index = from; index <= to; index++) {
      LogEntry entry = log.get((int) index - 1);
      if (index > committed.size()) {
        committed.add(entry);
        committedInTerm.add(term);
      } else {
        LogEntry known = at(index);
        Violation.unless(
            known.equals(entry), "I4", () -> id + " commits " + entry + " instead of " + known);
      }
    }
    // The founding entry is the same everywhere before anybody votes (rule P1).
    if (to > Math.max(from - 1, 1)) {
      LogEntry last = log.get((int) to - 1);
      long holders = all.stream().filter(disk -> disk.held(last)).count();
      Violation.unless(
          holders > all.size() / 2,
          "I6",
          () -> id + " commits " + last + ", which is durable on " + holders);
    }
  }

  /** I13: an entry is about to be truncated. */
  void truncates(NodeId id, LogEntry entry) {
    Violation.unless(
        entry.index() > committed.size() || !at(entry.index()).equals(entry),
        "I13",
        () -> id + " truncates committed entry " + entry);
  }
}
