package dev.quorate.raft.engine.sim;

import dev.quorate.raft.engine.runtime.Environment;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * One boot of a node: its actors' turns are items of the agenda. Turns of different actors overtake
 * each other, and some are late, as after a slow disk or a pause of the process.
 */
final class SimEnvironment implements Environment {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final Runnable afterTurn;
  private final Runnable crash;
  private boolean alive = true;
  private boolean calm;

  SimEnvironment(Agenda agenda, RandomGenerator random, Runnable afterTurn, Runnable crash) {
    this.agenda = agenda;
    this.random = random;
    this.afterTurn = afterTurn;
    this.crash = crash;
  }

  /** No turn is late from now on. */
  void calmDown() {
    calm = true;
  }

  /** Nothing of this boot runs any more. */
  void kill() {
    alive = false;
  }

  @Override
  public Executor executor() {
    return turn -> agenda.after(lateness(), () -> run(turn));
  }

  private long lateness() {
    int luck = random.nextInt(1_000);
    if (calm || luck > 100) {
      return random.nextLong(200 * MICRO);
    }
    return luck > 2 ? random.nextLong(5 * MILLI) : random.nextLong(800 * MILLI);
  }

  private void run(Runnable turn) {
    if (!alive) {
      return;
    }
    try {
      turn.run();
    } catch (PowerLoss e) {
      crash.run();
      return;
    }
    if (alive) {
      afterTurn.run();
    }
  }

  @Override
  public Executor callbacks() {
    return task -> agenda.after(0, () -> run(task));
  }

  @Override
  public long nanoTime() {
    return agenda.now();
  }

  @Override
  public long wallMillis() {
    return agenda.now() / MILLI;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    boolean[] cancelled = new boolean[1];
    agenda.after(
        delayNanos,
        () -> {
          if (!cancelled[0]) {
            run(task);
          }
        });
    return () -> cancelled[0] = true;
  }

  @Override
  public RandomGenerator random() {
    return new java.util.SplittableRandom(random.nextLong());
  }

  @Override
  public void shutDown(Runnable ended) {
    ended.run();
  }
}
