package dev.quorate.raft.testkit.internal.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was known to callers at which true time: the highest index of an outcome or of an answer. A
 * read that may be stale must see at least what was known as long ago as it allowed (I16).
 */
public final class Acknowledged {

  /**
   * A lag is measured by clocks that are up to a tenth too slow, so that in truth it may be longer.
   */
  private static final double SLOWEST_CLOCK = 0.9;

  private final TreeMap<Long, Long> byTime = new TreeMap<>();

  /** Somebody learnt at that time that the index is committed. */
  public void at(long nanos, long index) {
    Map.Entry<Long, Long> last = byTime.lastEntry();
    if (last == null || last.getValue() < index) {
      byTime.put(nanos, index);
    }
  }

  /** What was known to anybody that long before a time, measured by the worst of clocks. */
  public long before(long nanos, long lagNanos) {
    Map.Entry<Long, Long> known = byTime.lowerEntry(nanos - (long) (lagNanos / SLOWEST_CLOCK));
    return known == null ? 0 : known.getValue();
  }
}
