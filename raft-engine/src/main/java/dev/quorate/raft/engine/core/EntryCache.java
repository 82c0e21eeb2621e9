package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest entries of the log, consecutive and ending with its last, bounded in bytes. An entry
 * that is not durable yet is never evicted, because it can be read nowhere else; the bounds on what
 * may be uncommitted and in flight bound those.
 */
final class EntryCache {

  private static final int INITIAL_SLOTS = 64;

  private final long maxBytes;
  private LogEntry[] ring = new LogEntry[INITIAL_SLOTS];
  private long first;
  private int count;
  private long bytes;

  /** A cache for a log that goes on at {@code nextIndex}. */
  EntryCache(long nextIndex, long maxBytes) {
    this.first = nextIndex;
    this.maxBytes = maxBytes;
  }

  /** Whether the entry at an index is here. */
  boolean holds(long index) {
    return index >= first && index < first + count;
  }

  void append(LogEntry entry) {
    if (entry.index() != first + count) {
      throw new InvariantViolation(
          "cached entry " + entry.index() + " after " + (first + count - 1));
    }
    if (count == ring.length) {
      grow();
    }
    ring[slot(entry.index())] = entry;
    count++;
    bytes += entry.encodedLength();
  }

  void truncateFrom(long index) {
    while (count > 0 && first + count > index) {
      drop(first + count - 1);
    }
    if (count == 0) {
      first = index;
    }
  }

  /** Drops the entries up to an index: the log begins behind it. */
  void dropThrough(long index) {
    while (count > 0 && first <= index) {
      drop(first);
      first++;
    }
    first = Math.max(first, index + 1);
  }

  /** Drops everything; the log goes on at an index. */
  void restart(long nextIndex) {
    truncateFrom(first);
    first = nextIndex;
  }

  /** Drops the oldest entries beyond the bound, as far as they are durable. */
  void evict(long durableIndex) {
    while (bytes > maxBytes && count > 1 && first <= durableIndex) {
      drop(first);
      first++;
    }
  }

  /**
   * Consecutive entries from an index that is here, up to {@code lastIndex} or until their encoded
   * sum reaches {@code limit}; at least one.
   */
  List<LogEntry> slice(long from, long lastIndex, long limit) {
    List<LogEntry> entries = new ArrayList<>();
    long sum = 0;
    for (long index = from; index <= lastIndex && holds(index); index++) {
      LogEntry entry = ring[slot(index)];
      if (!entries.isEmpty() && sum + entry.encodedLength() > limit) {
        break;
      }
      entries.add(entry);
      sum += entry.encodedLength();
    }
    return entries;
  }

  private void drop(long index) {
    int slot = slot(index);
    bytes -= ring[slot].encodedLength();
    ring[slot] = null;
    count--;
  }

  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }

  private void grow() {
    LogEntry[] larger = new LogEntry[ring.length * 2];
    for (long index = first; index < first + count; index++) {
      larger[(int) (index & (larger.length - 1))] = ring[slot(index)];
    }
    ring = larger;
  }
}
