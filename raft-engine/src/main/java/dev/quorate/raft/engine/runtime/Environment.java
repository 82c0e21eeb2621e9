package dev.quorate.raft.engine.runtime;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Everything a node takes from its surroundings besides transport and storage, so that a simulator
 * can run the very same node in virtual time.
 */
public interface Environment {

  /** Runs the actors' turns. Of a host at most one at a time blocks, which writes the logs. */
  Executor executor();

  /**
   * Runs turns that may block: in a group's state machine, or on reading its log. However many do,
   * those of other groups go on, up to a bound, and what {@link #executor} runs in any case. Where
   * turns take no time at all it may be the same.
   */
  default Executor blocking() {
    return executor();
  }

  /**
   * Runs turns that may block for long: writing, reading and moving snapshots. They hold up nothing
   * but each other. Where turns take no time at all it may be the same as {@link #executor}.
   */
  default Executor background() {
    return executor();
  }

  /**
   * Runs what users chained to futures, and listeners. These may block, also on futures of the
   * node: a thousand of them at a time at least do not hold up the rest. Nothing is refused.
   */
  Executor callbacks();

  /** A monotonic clock with any origin, as long as it does not overflow. */
  long nanoTime();

  /** The wall clock, milliseconds since 1970. */
  long wallMillis();

  /** Runs a short task that does not block, after a delay. */
  Timer schedule(long delayNanos, Runnable task);

  /** A new source of randomness for one user. */
  RandomGenerator random();

  /**
   * Ends what runs here, after what was handed in before, and then tells. Returns at once, so that
   * it may be called from within.
   */
  void shutDown(Runnable ended);

  /** A scheduled task. */
  @FunctionalInterface
  interface Timer {
    /** Keeps the task from running, if it does not run yet. */
    void cancel();
  }
}
