package dev.quorate.raft.engine.runtime;

import java.util.concurrent.Executor;

/**
 * The executor of callbacks, and whether one asks: from a callback, waiting for the end would never
 * end.
 */
final class Callbacks implements Executor {

  private final Executor executor;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  Callbacks(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(
        () -> {
          boolean before = inside.get();
          inside.set(true);
          try {
            task.run();
          } finally {
            inside.set(before);
          }
        });
  }

  /** Whether the caller is a callback. */
  boolean isCaller() {
    return inside.get();
  }
}
