package dev.quorate.raft.engine.runtime;

import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Real threads and clocks. Few threads serve all actors of a host, of which one at most blocks: the
 * writer of its logs. State machines and reads of logs have threads of their own, more when some
 * block, so that a slow group holds up no other.
 */
public final class ThreadedEnvironment implements Environment {

  private static final System.Logger LOG = System.getLogger(ThreadedEnvironment.class.getName());

  private static final int ACTOR_THREADS = 4;
  private static final int BACKGROUND_THREADS = 2;

  /** Groups whose state machines or reads block at a time before others wait. */
  private static final int MAX_BLOCKING_THREADS = 256;

  /** Callbacks that block at a time before others wait. */
  private static final int MAX_CALLBACK_THREADS = 1_000;

  private static final long WATCH_MILLIS = 5;
  private static final long PATIENCE_SECONDS = 10;
  private static final long IDLE_SECONDS = 30;

  private final long originNanos = System.nanoTime();
  private final String prefix;
  private final ExecutorService actors;
  private final ThreadPoolExecutor background;
  private final CallbackPool blocking;
  private final CallbackPool callbacks;
  private final ScheduledThreadPoolExecutor timers;
  private final AtomicBoolean watching = new AtomicBoolean();

  /** Threads named after the node. */
  public ThreadedEnvironment(String name) {
    prefix = "quorate-" + name;
    actors = Executors.newFixedThreadPool(ACTOR_THREADS, named(prefix + "-actor-"));
    background =
        new ThreadPoolExecutor(
            BACKGROUND_THREADS,
            BACKGROUND_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(prefix + "-background-"));
    background.allowCoreThreadTimeOut(true);
    timers = new ScheduledThreadPoolExecutor(1, named(prefix + "-timer-"));
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    blocking = new CallbackPool(MAX_BLOCKING_THREADS, named(prefix + "-blocking-"));
    callbacks = new CallbackPool(MAX_CALLBACK_THREADS, named(prefix + "-callback-"));
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public Executor executor() {
    return task -> execute(actors, task);
  }

  @Override
  public Executor blocking() {
    return task -> {
      execute(blocking, task);
      watchWaiting();
    };
  }

  @Override
  public Executor background() {
    return task -> execute(background, task);
  }

  @Override
  public Executor callbacks() {
    return task -> {
      execute(callbacks, task);
      watchWaiting();
    };
  }

  /** As long as tasks wait for threads that others block, there must be more threads. */
  private void watchWaiting() {
    if ((callbacks.isBusy() || blocking.isBusy()) && watching.compareAndSet(false, true)) {
      schedule(TimeUnit.MILLISECONDS.toNanos(WATCH_MILLIS), this::watch);
    }
  }

  private void watch() {
    callbacks.watch();
    blocking.watch();
    watching.set(false);
    watchWaiting();
  }

  /** After closing nobody waits for a task any more. */
  private static void execute(ExecutorService pool, Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      if (!pool.isShutdown()) {
        throw e;
      }
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() - originNanos;
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    try {
      Future<?> future = timers.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      if (!timers.isShutdown()) {
        throw e;
      }
      return () -> {};
    }
  }

  @Override
  public RandomGenerator random() {
    return new SecureRandom();
  }

  /**
   * Ends all threads, after what was handed in before. A callback that never returns keeps its
   * thread; it is a daemon, and is given up after a while. No thread is interrupted: an interrupt
   * would close the file that it may be writing.
   */
  @Override
  public void shutDown(Runnable ended) {
    Thread thread =
        new Thread(
            () -> {
              endThreads();
              ended.run();
            },
            prefix + "-close");
    thread.setDaemon(true);
    thread.start();
  }

  private void endThreads() {
    timers.shutdown();
    await(timers);
    // The last turns of actors end calls, which takes callbacks.
    background.shutdown();
    await(background);
    blocking.shutdown();
    await(blocking);
    actors.shutdown();
    await(actors);
    callbacks.shutdown();
    await(callbacks);
  }

  private void await(ExecutorService pool) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!pool.isTerminated() && deadline - System.nanoTime() > 0) {
      try {
        if (!pool.awaitTermination(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
          // No timer does it any more.
          blocking.watch();
          callbacks.watch();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (!pool.isTerminated()) {
      LOG.log(System.Logger.Level.WARNING, "a thread of a closed node still runs a callback");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
