package dev.quorate.examples.nodes;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.MetricTotals;
import dev.quorate.raft.api.metrics.RaftMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a node has measured in one of its lives, with all that it said of a snapshot it fetches. */
final class Measured implements RaftMetrics {

  private final MetricTotals totals = new MetricTotals();
  private final List<Long> fetched = new CopyOnWriteArrayList<>();

  @Override
  public void record(Metric metric, long value) {
    totals.record(metric, value);
    if (metric == Metric.SNAPSHOT_FETCHED_BYTES) {
      fetched.add(value);
    }
  }

  MetricTotals totals() {
    return totals;
  }

  /** How many bytes were here of the snapshot, each time that this was measured. */
  List<Long> fetched() {
    return fetched;
  }
}
