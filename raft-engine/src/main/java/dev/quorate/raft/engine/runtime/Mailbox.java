package dev.quorate.raft.engine.runtime;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An actor: tasks come from any thread, and an executor runs one turn after the other, each with a
 * bounded number of them. Lanes with lower numbers go first in each turn, and every lane gets its
 * share of every turn, so that a flood in one does not hold up another (rule P17). A mailbox drops
 * nothing; what must be bounded is bounded where it comes from.
 *
 * <p>A turn takes its tasks first and begins then: the time that it reads when it begins is never
 * before any of them came, however long the thread was held up. Leases, promises and the age of
 * state are judged by that time.
 */
final class Mailbox implements Runnable {

  /** How many tasks of a lane one turn takes. */
  private static final int PER_TURN = 256;

  private final Executor executor;
  private final List<Queue<Runnable>> lanes;
  private final Runnable begin;
  private final Runnable end;
  private final Consumer<Throwable> fault;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** What the turn has taken and not run yet; left over only when a task threw an Error. */
  private final ArrayDeque<Runnable> taken = new ArrayDeque<>();

  /**
   * An empty mailbox.
   *
   * @param lanes how many lanes
   * @param begin begins each turn
   * @param end ends each turn, after its tasks
   * @param fault is told what a task or the end of a turn threw; the mailbox goes on
   */
  Mailbox(Executor executor, int lanes, Runnable begin, Runnable end, Consumer<Throwable> fault) {
    this.executor = executor;
    this.lanes = Stream.<Queue<Runnable>>generate(ConcurrentLinkedQueue::new).limit(lanes).toList();
    this.begin = begin;
    this.end = end;
    this.fault = fault;
  }

  /** A mailbox with one lane, whose turns are nothing but their tasks. */
  Mailbox(Executor executor, Consumer<Throwable> fault) {
    this(executor, 1, () -> {}, () -> {}, fault);
  }

  void post(int lane, Runnable task) {
    lanes.get(lane).add(task);
    schedule();
  }

  void post(Runnable task) {
    post(0, task);
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      executor.execute(this);
    }
  }

  @Override
  public void run() {
    boolean leftOver = true;
    try {
      lanes.forEach(this::take);
      begin.run();
      while (!taken.isEmpty()) {
        guarded(taken.remove());
      }
      guarded(end);
      leftOver = false;
    } finally {
      scheduled.set(false);
      if (leftOver || !isEmpty()) {
        schedule();
      }
    }
  }

  private boolean isEmpty() {
    for (Queue<Runnable> lane : lanes) {
      if (!lane.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void take(Queue<Runnable> lane) {
    Runnable task = lane.poll();
    for (int count = 1; task != null; count++) {
      taken.add(task);
      task = count < PER_TURN ? lane.poll() : null;
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fault.accept(e);
    } catch (Error e) {
      // Told and thrown on: whoever runs the actor (a simulator, say) may know this error as its
      // own.
      fault.accept(e);
      throw e;
    }
  }
}
