package dev.quorate.raft.engine.runtime;

/**
 * How much a client may send again. Repetitions of many clients keep a cluster that has too much to
 * do from recovering; so each takes one from a budget that sessions and all else share. Two things
 * fill it: calls that succeed, ten of them for one repetition (as gRPC's retry throttling does,
 * proposal A6), and time, from nothing in ten seconds (as the minimum of Finagle's {@code
 * RetryBudget} does). Without time a session that has nothing but repetitions after an outage would
 * wait for a success for ever. Who waits is promised what time brings next.
 */
final class RetryBudget {

  /** Nothing of so many is ever gone. */
  static final long UNLIMITED = Long.MAX_VALUE;

  /** In what time it is filled. */
  static final long PERIOD_NANOS = 10_000_000_000L;

  private static final int SUCCESSES = 10;

  private final long costNanos;

  /** When time will have paid for all that was taken: a period ahead, nothing is left. */
  private long paidNanos;

  /**
   * A full budget.
   *
   * @param max how many repetitions it holds
   */
  RetryBudget(long max, long nowNanos) {
    costNanos = PERIOD_NANOS / max;
    paidNanos = nowNanos;
  }

  /**
   * Takes one repetition, unless it would have to wait for too long.
   *
   * @return when it may be sent: now, or later; if that is after the longest wait, none was taken
   */
  synchronized long take(long nowNanos, long maxWaitNanos) {
    long paid = Math.max(paidNanos, nowNanos) + costNanos;
    long due = Math.max(nowNanos, paid - PERIOD_NANOS);
    if (due - nowNanos <= maxWaitNanos) {
      paidNanos = paid;
    }
    return due;
  }

  /** The cluster has done what it was asked. */
  synchronized void succeeded(long nowNanos) {
    paidNanos = Math.max(paidNanos, nowNanos) - costNanos / SUCCESSES;
  }
}
