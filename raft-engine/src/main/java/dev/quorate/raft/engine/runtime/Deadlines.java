package dev.quorate.raft.engine.runtime;

import java.time.Duration;

/** When a caller's patience ends, on the node's clock. */
final class Deadlines {

  private Deadlines() {}

  /**
   * The time that is so far away.
   *
   * @throws IllegalArgumentException if it is not in the future
   */
  static long nanos(Duration deadline, Environment environment) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("a deadline of " + deadline + " is not more than zero");
    }
    long nanos = environment.nanoTime();
    try {
      return Math.addExact(nanos, deadline.toNanos());
    } catch (ArithmeticException e) {
      // Centuries away: as good as the last moment that the clock can show.
      return Long.MAX_VALUE - 1;
    }
  }
}
