package dev.quorate.raft.engine.runtime;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Virtual time on the test's own thread: nothing runs but in {@link #advance}. */
final class ManualEnvironment implements Environment {

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          Comparator.comparingLong(Alarm::atNanos).thenComparingLong(Alarm::number));
  private long nowNanos;
  private long seed;
  private long alarmNumber;

  /** How many timers rang. */
  int rung;

  private record Alarm(long atNanos, long number, Runnable task) {}

  ManualEnvironment(long seed) {
    this.seed = seed;
  }

  /** Runs everything that is due within a time, in order. */
  void advance(long millis) {
    long end = nowNanos + millis * 1_000_000;
    runTasks();
    while (!alarms.isEmpty() && alarms.peek().atNanos() <= end) {
      Alarm next = alarms.poll();
      nowNanos = Math.max(nowNanos, next.atNanos());
      rung++;
      next.task().run();
      runTasks();
    }
    nowNanos = end;
  }

  /** Time passes and nothing runs: a pause of the process. */
  void pause(long millis) {
    nowNanos += millis * 1_000_000;
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.poll().run();
    }
  }

  @Override
  public Executor executor() {
    return tasks::add;
  }

  @Override
  public Executor callbacks() {
    return tasks::add;
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public long wallMillis() {
    return nowNanos / 1_000_000;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    Alarm alarm = new Alarm(nowNanos + delayNanos, alarmNumber++, task);
    alarms.add(alarm);
    return () -> alarms.remove(alarm);
  }

  @Override
  public RandomGenerator random() {
    return new SplittableRandom(seed++);
  }

  @Override
  public void shutDown(Runnable ended) {
    ended.run();
  }
}
