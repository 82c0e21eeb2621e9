package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import java.util.ArrayDeque;

/**
 * How long it takes from when an index is reached until another index follows it there. What is
 * begun beyond a bound is not measured.
 */
final class Stopwatch {

  private static final int MAX_RUNNING = 4_096;

  private final ArrayDeque<Begun> running = new ArrayDeque<>();
  private long reached;

  private record Begun(long index, long nanos) {}

  /** The first index has got that far. */
  void begin(long index, long nowNanos) {
    if (index > reached && running.size() < MAX_RUNNING) {
      running.add(new Begun(index, nowNanos));
    }
    reached = index;
  }

  /** The second has; what it has passed is recorded. */
  void end(long index, long nowNanos, Metric metric, RaftMetrics metrics) {
    while (!running.isEmpty() && running.peek().index() <= index) {
      metrics.record(metric, nowNanos - running.remove().nanos());
    }
  }

  /** Forgets what runs. */
  void reset(long index) {
    running.clear();
    reached = index;
  }
}
