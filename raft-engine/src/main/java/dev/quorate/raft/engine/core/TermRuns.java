package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import java.util.ArrayList;
import java.util.List;

/**
 * The term of every entry of the log, kept as runs of equal terms: a few dozen numbers for a log of
 * any length, so that consistency checks never read the disk.
 */
final class TermRuns {

  /** What {@link #at} says of an index that is not in the log. */
  static final long UNKNOWN = -1;

  private final List<TermStart> runs;
  private long baseIndex;
  private long baseTerm;
  private long lastIndex;

  TermRuns(long baseIndex, long baseTerm, long lastIndex, List<TermStart> runs) {
    this.baseIndex = baseIndex;
    this.baseTerm = baseTerm;
    this.lastIndex = lastIndex;
    this.runs = new ArrayList<>(runs);
  }

  /** The index before the first entry; its term is known, its entry is not here. */
  long baseIndex() {
    return baseIndex;
  }

  long lastIndex() {
    return lastIndex;
  }

  /** The term of the entry at an index, the base included, or {@link #UNKNOWN}. */
  long at(long index) {
    if (index == baseIndex) {
      return baseTerm;
    }
    if (index < baseIndex || index > lastIndex) {
      return UNKNOWN;
    }
    return runs.get(runOf(index)).term();
  }

  void append(long index, long term) {
    if (index != lastIndex + 1 || term < at(lastIndex)) {
      throw new InvariantViolation(
          "entry " + index + "/" + term + " after " + lastIndex + "/" + at(lastIndex));
    }
    if (runs.isEmpty() || runs.get(runs.size() - 1).term() != term) {
      runs.add(new TermStart(index, term));
    }
    lastIndex = index;
  }

  void truncateFrom(long index) {
    lastIndex = index - 1;
    while (!runs.isEmpty() && runs.get(runs.size() - 1).firstIndex() >= index) {
      runs.remove(runs.size() - 1);
    }
  }

  /** The log begins behind an index of it from now on. */
  void compact(long index) {
    baseTerm = at(index);
    baseIndex = index;
    while (!runs.isEmpty() && (lastIndex == index || endOfFirst() <= index)) {
      runs.remove(0);
    }
    if (!runs.isEmpty() && runs.get(0).firstIndex() <= index) {
      runs.set(0, new TermStart(index + 1, runs.get(0).term()));
    }
  }

  private long endOfFirst() {
    return runs.size() > 1 ? runs.get(1).firstIndex() - 1 : lastIndex;
  }

  /** The log holds nothing and goes on behind an index of that term. */
  void restart(long index, long term) {
    runs.clear();
    baseIndex = index;
    baseTerm = term;
    lastIndex = index;
  }

  /**
   * The highest index, not above the given one, whose term is not above the given one: where two
   * logs may agree, if one of them ends or differs there. It skips a whole term at a time
   * (dissertation, section 3.5, in the form of etcd's raft, which asks it on both sides). Below the
   * base nothing is known, and the given index comes back.
   */
  long lastNotAbove(long index, long term) {
    long candidate = Math.min(index, lastIndex);
    while (candidate > baseIndex) {
      TermStart run = runs.get(runOf(candidate));
      if (run.term() <= term) {
        return candidate;
      }
      candidate = run.firstIndex() - 1;
    }
    return candidate;
  }

  private int runOf(long index) {
    int low = 0;
    int high = runs.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (runs.get(middle).firstIndex() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
