package dev.quorate.raft.engine.runtime;

import java.util.Optional;
import java.util.function.Consumer;

/** The one timer of a node loop. It may ring early, never late; only the node loop sets it. */
final class WakeUp {

  private final Environment environment;
  private final Consumer<Runnable> loop;
  private Optional<Environment.Timer> timer = Optional.empty();
  private long dueNanos;
  private long generation;

  /**
   * A timer that is not set.
   *
   * @param loop runs a task in a turn of the node loop
   */
  WakeUp(Environment environment, Consumer<Runnable> loop) {
    this.environment = environment;
    this.loop = loop;
  }

  /**
   * Rings at that time at the latest, or never. A later time than the one set is not worth a new
   * timer.
   */
  void at(long nanos, long nowNanos) {
    if (nanos == Long.MAX_VALUE) {
      cancel();
      return;
    }
    if (timer.isPresent() && dueNanos <= nanos) {
      return;
    }
    cancel();
    dueNanos = nanos;
    long number = ++generation;
    timer =
        Optional.of(
            environment.schedule(
                Math.max(0, nanos - nowNanos), () -> loop.accept(() -> rang(number))));
  }

  /** One rang: the one that is set, or one that was cancelled too late. */
  private void rang(long number) {
    if (number == generation) {
      timer = Optional.empty();
    }
  }

  void cancel() {
    timer.ifPresent(Environment.Timer::cancel);
    timer = Optional.empty();
  }
}
