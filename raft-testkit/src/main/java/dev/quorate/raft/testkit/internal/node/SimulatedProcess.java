package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.engine.runtime.Environment;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.NodeClock;
import dev.quorate.raft.testkit.internal.time.Randomness;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * One boot of a node. Its actors' turns are items of the agenda, so that turns of different actors
 * overtake each other. What a turn lets out (tasks, frames, timers, callbacks) leaves when the turn
 * ends; a process that dies before then has let out nothing.
 *
 * <p>A disk that stalls keeps the actor that used it from its next turn, and nobody else. To hold
 * back what the turn let out would stop others too: an actor that it woke counts as woken.
 */
final class SimulatedProcess implements Environment {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long QUICK_NANOS = 200 * MICRO;

  private final Agenda agenda;
  private final NodeClock clock;
  private final Randomness randomness;
  private final RandomGenerator lateness;
  private final Owner owner;
  private final Map<Runnable, Long> busyUntil = new IdentityHashMap<>();
  private final List<Output> outputs = new ArrayList<>();
  private boolean inTurn;
  private boolean alive = true;
  private long pausedUntil;
  private long actorPauseNanos;
  private int latePerMille;
  private long maxLateNanos = 1;
  private int sources;

  private record Output(long delayNanos, Runnable action) {}

  /** Whose process it is. */
  interface Owner {
    /** A turn is over. */
    void turned();

    /** The process died in the middle of a turn. */
    void crashed(SimulatedCrash crash);

    /** A turn begins late. */
    void late();

    /** How long the disk stalled in the turn that is over. */
    long takeStallNanos();
  }

  SimulatedProcess(Agenda agenda, NodeClock clock, Randomness randomness, Owner owner) {
    this.agenda = agenda;
    this.clock = clock;
    this.randomness = randomness;
    this.lateness = randomness.stream("lateness");
    this.owner = owner;
  }

  /** Nothing of this boot runs any more. */
  void kill() {
    alive = false;
    outputs.clear();
    inTurn = false;
  }

  /** The process stops for so long (SIGSTOP, a collection of garbage). */
  void pause(long nanos) {
    pausedUntil = Math.max(pausedUntil, agenda.now() + nanos);
  }

  /** The actor whose turn is next stops for so long; the others go on. */
  void pauseActor(long nanos) {
    actorPauseNanos = nanos;
  }

  /** Whether the process is stopped, or one of its actors waits for the disk. */
  boolean isHeldUp() {
    return pausedUntil > agenda.now()
        || busyUntil.values().stream().anyMatch(until -> until > agenda.now());
  }

  /** How many turns are late from now on, and by how much at most. */
  void lateness(int perMille, long maxNanos) {
    latePerMille = perMille;
    maxLateNanos = maxNanos;
  }

  /** Runs something of the process as soon as it is not paused. */
  void enter(Runnable action) {
    if (alive && agenda.now() < pausedUntil) {
      agenda.after(pausedUntil - agenda.now(), () -> enter(action));
    } else {
      run(action);
    }
  }

  /** Lets something out, at the end of the turn if there is one. */
  void letOut(Runnable action) {
    output(0, action);
  }

  private void output(long delayNanos, Runnable action) {
    if (inTurn) {
      outputs.add(new Output(delayNanos, action));
    } else {
      agenda.after(delayNanos, action);
    }
  }

  private void run(Runnable turn) {
    if (!alive) {
      return;
    }
    if (inTurn) {
      turn.run();
      return;
    }
    inTurn = true;
    try {
      turn.run();
    } catch (SimulatedCrash crash) {
      owner.crashed(crash);
      return;
    } catch (FallibleStateMachine.NoMemory e) {
      // The turn ends with its thread; the node has been told, and the process has other threads.
    } finally {
      inTurn = false;
    }
    long stall = owner.takeStallNanos();
    if (stall > 0) {
      busyUntil.put(turn, agenda.now() + stall);
    }
    for (Output output : outputs) {
      agenda.after(output.delayNanos, () -> leave(output.action));
    }
    outputs.clear();
    owner.turned();
  }

  private void leave(Runnable action) {
    if (alive) {
      action.run();
    }
  }

  @Override
  public Executor executor() {
    return this::turn;
  }

  private void turn(Runnable actor) {
    if (actorPauseNanos > 0) {
      busyUntil.put(actor, agenda.now() + actorPauseNanos);
      actorPauseNanos = 0;
    }
    output(late(), () -> begin(actor));
  }

  /** An actor that is still in its last turn is not run twice at a time. */
  private void begin(Runnable actor) {
    long wait = Math.max(busyUntil.getOrDefault(actor, 0L), pausedUntil) - agenda.now();
    if (alive && wait > 0) {
      agenda.after(wait, () -> begin(actor));
    } else {
      run(actor);
    }
  }

  private long late() {
    long nanos = lateness.nextLong(QUICK_NANOS);
    if (lateness.nextInt(1_000) >= latePerMille) {
      return nanos;
    }
    owner.late();
    return nanos + lateness.nextLong(maxLateNanos);
  }

  @Override
  public Executor callbacks() {
    return task -> output(0, () -> enter(task));
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public long wallMillis() {
    return clock.wallMillis();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    boolean[] cancelled = new boolean[1];
    output(
        clock.trueNanos(Math.min(delayNanos, 3_600_000 * MILLI)),
        () ->
            enter(
                () -> {
                  if (!cancelled[0]) {
                    task.run();
                  }
                }));
    return () -> cancelled[0] = true;
  }

  @Override
  public RandomGenerator random() {
    return randomness.stream("user " + ++sources);
  }

  @Override
  public void shutDown(Runnable ended) {
    ended.run();
  }
}
