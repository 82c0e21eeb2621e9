package dev.quorate.raft.engine.core;

/**
 * Pauses between attempts that fail: each twice as long as the one before, up to about a minute.
 */
final class BackOff {

  private static final long FIRST_NANOS = 1_000_000_000;
  private static final long LONGEST_NANOS = 64 * FIRST_NANOS;

  private long pauseNanos = FIRST_NANOS;
  private long untilNanos;
  private boolean pausing;

  /** An attempt failed. */
  void failed(Time now) {
    untilNanos = now.nanos() + pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, LONGEST_NANOS);
    pausing = true;
  }

  /** An attempt succeeded, or what is attempted is another thing now. */
  void reset() {
    pauseNanos = FIRST_NANOS;
    pausing = false;
  }

  /** Whether it is too early for another attempt. */
  boolean pauses(Time now) {
    pausing = pausing && now.nanos() - untilNanos < 0;
    return pausing;
  }
}
