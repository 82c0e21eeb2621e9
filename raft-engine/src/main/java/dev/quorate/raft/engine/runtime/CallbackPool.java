package dev.quorate.raft.engine.runtime;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what may block, as users' callbacks do on anything and state machines on files: few
 * as long as tasks return, and more when one has waited for its turn, up to a bound. Beyond it they
 * wait; none is refused. The pool has no clock of its own: somebody calls {@link #watch} every few
 * milliseconds while {@link #isBusy}.
 */
final class CallbackPool extends ThreadPoolExecutor {

  private static final int FEW = 4;
  private static final long IDLE_SECONDS = 5;

  private final int most;
  private Runnable waiting;

  /**
   * A pool without threads yet.
   *
   * @param most the most threads at a time
   */
  CallbackPool(int most, ThreadFactory threads) {
    super(FEW, FEW, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    this.most = most;
    allowCoreThreadTimeOut(true);
  }

  /** Whether callbacks wait for a thread. */
  boolean isBusy() {
    return !getQueue().isEmpty();
  }

  /**
   * Adds threads, as many as there are, if the callback that is first now was first at the last
   * call too; goes back to few once none waits.
   */
  synchronized void watch() {
    Runnable first = getQueue().peek();
    if (first == null) {
      setSize(FEW);
    } else if (first == waiting) {
      setSize(Math.min(most, 2 * Math.max(getMaximumPoolSize(), getPoolSize())));
    }
    waiting = first;
  }

  private void setSize(int size) {
    if (size > getMaximumPoolSize()) {
      setMaximumPoolSize(size);
      setCorePoolSize(size);
    } else if (size < getMaximumPoolSize()) {
      setCorePoolSize(size);
      setMaximumPoolSize(size);
    }
  }
}
