package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;

/** Keeps what a user's metrics throw away from the node. */
final class GuardedMetrics implements RaftMetrics {

  private final RaftMetrics metrics;
  private final RateLimitedLog log;

  private GuardedMetrics(RaftMetrics metrics, RateLimitedLog log) {
    this.metrics = metrics;
    this.log = log;
  }

  /** The same, guarded; none stays none, which can be asked for. */
  static RaftMetrics of(RaftMetrics metrics, RateLimitedLog log) {
    return metrics == NONE ? NONE : new GuardedMetrics(metrics, log);
  }

  @Override
  public void record(Metric metric, long value) {
    try {
      metrics.record(metric, value);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      // An Error too is the user's own, and no fault of this node.
      log.warn("metrics", "what takes the metrics failed at " + metric.key() + ": " + e);
    }
  }
}
