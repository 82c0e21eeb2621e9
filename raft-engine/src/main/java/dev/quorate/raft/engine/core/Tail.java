package dev.quorate.raft.engine.core;

import java.util.Map;
import java.util.TreeMap;

/**
 * How much of the log is kept up to a snapshot's index: so many entries, or so many bytes of them
 * if that is less. How long entries are is remembered only roughly, and only of those that were
 * applied since the start.
 */
final class Tail {

  private static final int MARKS = 16;

  /**
   * How many are remembered where no snapshot is taken for long. Without the oldest ones more of
   * the log may be kept than has to be, never less.
   */
  static final int MAX_MARKS = 64 * MARKS;

  private final long maxEntries;
  private final long maxBytes;

  /** How many bytes had been applied at some indexes. */
  private final TreeMap<Long, Long> marks = new TreeMap<>();

  Tail(long maxEntries, long maxBytes) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  /** So many bytes in all were applied up to an index. */
  void applied(long index, long bytes) {
    if (marks.isEmpty() || bytes - marks.lastEntry().getValue() > maxBytes / MARKS) {
      marks.put(index, bytes);
      if (marks.size() > MAX_MARKS) {
        marks.pollFirstEntry();
      }
    }
  }

  /** How many marks are remembered. */
  int marks() {
    return marks.size();
  }

  /** Behind which index the log is to begin, if there is a snapshot at the given one. */
  long beginning(long snapshotIndex) {
    long byEntries = snapshotIndex - maxEntries;
    Map.Entry<Long, Long> last = marks.floorEntry(snapshotIndex);
    if (last == null) {
      return byEntries;
    }
    long enough = last.getValue() - maxBytes;
    long byBytes = 0;
    for (Map.Entry<Long, Long> mark : marks.headMap(snapshotIndex, true).entrySet()) {
      if (mark.getValue() <= enough) {
        byBytes = mark.getKey();
      }
    }
    marks.headMap(byBytes).clear();
    return Math.max(byEntries, byBytes);
  }
}
