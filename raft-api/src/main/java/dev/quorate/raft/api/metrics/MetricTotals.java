package dev.quorate.raft.api.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Keeps of each metric what one number each can say: how many values there were, their sum, the
 * greatest, and the last. For any thread; it never blocks, and what it takes of memory does not
 * grow. Several numbers that are read one after the other may be of different moments.
 */
public final class MetricTotals implements RaftMetrics {

  private static final int METRICS = Metric.values().length;

  private final AtomicLongArray counts = new AtomicLongArray(METRICS);
  private final AtomicLongArray sums = new AtomicLongArray(METRICS);
  private final AtomicLongArray greatest = new AtomicLongArray(METRICS);
  private final AtomicLongArray last = new AtomicLongArray(METRICS);

  /** Totals of nothing. */
  public MetricTotals() {}

  @Override
  public void record(Metric metric, long value) {
    int at = metric.ordinal();
    last.set(at, value);
    greatest.accumulateAndGet(at, value, Math::max);
    sums.addAndGet(at, value);
    counts.incrementAndGet(at);
  }

  /**
   * How many values were recorded.
   *
   * @param metric of which metric
   * @return the number, 0 if there was none
   */
  public long count(Metric metric) {
    return counts.get(metric.ordinal());
  }

  /**
   * The sum of all values, which is what a counter shows.
   *
   * @param metric of which metric
   * @return the sum, 0 if there was none
   */
  public long sum(Metric metric) {
    return sums.get(metric.ordinal());
  }

  /**
   * The greatest of all values.
   *
   * @param metric of which metric
   * @return the greatest, 0 if there was none
   */
  public long greatest(Metric metric) {
    return greatest.get(metric.ordinal());
  }

  /**
   * The last value, which is what a gauge shows.
   *
   * @param metric of which metric
   * @return the last, 0 if there was none
   */
  public long last(Metric metric) {
    return last.get(metric.ordinal());
  }
}
