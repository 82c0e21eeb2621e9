package dev.quorate.raft.engine.client;

import java.util.function.LongBinaryOperator;

/**
 * One repetition every now and then; those who come before it wait for it, one behind the other.
 */
final class Drip implements LongBinaryOperator {

  private final long intervalNanos;
  long nextNanos;

  Drip(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  @Override
  public long applyAsLong(long nowNanos, long maxWaitNanos) {
    long due = Math.max(nowNanos, nextNanos);
    if (due - nowNanos <= maxWaitNanos) {
      nextNanos = due + intervalNanos;
    }
    return due;
  }
}
