package dev.quorate.raft.engine.client;

/** How long attempts wait for their end, and how long the next one waits for its time. */
record Patience(long firstNanos) {

  private static final long PAUSE_NANOS = 10_000_000;
  private static final int MAX_PAUSE_DOUBLINGS = 6;
  private static final int MAX_DOUBLINGS = 5;

  /** How long to wait for the end of an attempt; the longer, the more have failed before. */
  long nanos(int failures) {
    return firstNanos << Math.min(failures, MAX_DOUBLINGS);
  }

  /** The first repetition is sent at once: mostly a leader was lost, and there is another. */
  static long pauseNanos(int failures) {
    return failures <= 1 ? 0 : PAUSE_NANOS << Math.min(failures - 2, MAX_PAUSE_DOUBLINGS);
  }
}
