package dev.quorate.raft.engine.client;

import java.util.function.LongBinaryOperator;

/**
 * How long attempts wait for their end, and how long the next one waits for its time: for a pause,
 * and then until the budget has a repetition for it.
 */
public final class Patience {

  private static final long PAUSE_NANOS = 10_000_000;
  private static final int MAX_PAUSE_DOUBLINGS = 6;
  private static final int MAX_DOUBLINGS = 5;

  /** Who would wait longer for a repetition asks for it later. */
  private static final long MAX_WAIT_NANOS = 10_000_000_000L;

  private final long firstNanos;
  private final LongBinaryOperator budget;

  /** No repetition before that. */
  private long dueNanos = Long.MIN_VALUE;

  /** Whether there is one from then on. */
  private boolean taken;

  /**
   * The patience of one session.
   *
   * @param firstNanos how long to wait for the end of a first attempt; later ones get longer
   * @param budget takes a repetition for a time, unless it had to wait for longer than it is told,
   *     and tells when it may be sent
   */
  public Patience(long firstNanos, LongBinaryOperator budget) {
    this.firstNanos = firstNanos;
    this.budget = budget;
  }

  /** How long to wait for the end of an attempt; the longer, the more have failed before. */
  long nanos(int failures) {
    return firstNanos << Math.min(failures, MAX_DOUBLINGS);
  }

  /** The first repetition is sent at once: mostly a leader was lost, and there is another. */
  static long pauseNanos(int failures) {
    return failures <= 1 ? 0 : PAUSE_NANOS << Math.min(failures - 2, MAX_PAUSE_DOUBLINGS);
  }

  /**
   * Takes a repetition for something whose pause is over.
   *
   * @return when it may be sent: now, or later if this is to be asked again then
   */
  long repetitionNanos(long nowNanos) {
    if (nowNanos < dueNanos) {
      return dueNanos;
    }
    if (taken) {
      taken = false;
      return nowNanos;
    }
    dueNanos = budget.applyAsLong(nowNanos, MAX_WAIT_NANOS);
    taken = dueNanos > nowNanos && dueNanos - nowNanos <= MAX_WAIT_NANOS;
    return dueNanos;
  }
}
