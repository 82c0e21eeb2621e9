package dev.quorate.raft.api.metrics;

/**
 * Takes what one node measures. It is given to the node's builder; without it next to nothing is
 * measured.
 *
 * <p>Calls come from the node's own threads, several at a time, and in the middle of its work: they
 * must be quick and must not block. What is thrown is logged and otherwise ignored.
 */
@FunctionalInterface
public interface RaftMetrics {

  /** Takes nothing. */
  RaftMetrics NONE = (metric, value) -> {};

  /**
   * Takes a value: of a {@link Metric.Kind#COUNTER} how much is added, 0 when the node starts; of a
   * {@link Metric.Kind#GAUGE} what it is from now on, told only when that changes; of a {@link
   * Metric.Kind#SAMPLE} one observation.
   *
   * @param metric what was measured
   * @param value the value in the metric's unit, never negative
   */
  void record(Metric metric, long value);
}
