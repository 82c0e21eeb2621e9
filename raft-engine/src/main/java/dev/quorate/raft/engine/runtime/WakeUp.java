package dev.quorate.raft.engine.runtime;

import java.util.Optional;

/** The one timer of a node loop. It may ring early, never late; only the node loop sets it. */
final class WakeUp {

  private final Environment environment;
  private final Runnable task;
  private Optional<Environment.Timer> timer = Optional.empty();
  private long dueNanos;

  WakeUp(Environment environment, Runnable task) {
    this.environment = environment;
    this.task = task;
  }

  /** Rings at that time at the latest. A later time than the one set is not worth a new timer. */
  void at(long nanos, long nowNanos) {
    if (nanos == Long.MAX_VALUE || timer.isPresent() && dueNanos <= nanos) {
      return;
    }
    cancel();
    dueNanos = nanos;
    timer = Optional.of(environment.schedule(Math.max(0, nanos - nowNanos), task));
  }

  /** It rang. */
  void rang() {
    timer = Optional.empty();
  }

  void cancel() {
    timer.ifPresent(Environment.Timer::cancel);
    timer = Optional.empty();
  }
}
