package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** What becomes of processes, of the machines they run on, and of those machines' clocks. */
final class MachineFaults implements FaultFamily {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  /** Parts per million; leases bear twice as much (rule P9). */
  private static final int MAX_DRIFT = 100_000;

  private static final int ORDINARY_DRIFT = 500;
  private static final int SLOWEST_CLOCK = -400_000;
  private static final int FASTEST_CLOCK = 1_000_000;
  private static final long MAX_STEP_MILLIS = 100_000_000_000L;
  private static final long MAX_STOP_NANOS = 60_000 * MILLI;

  /** What {@link Fault#PAUSE} does not come to. */
  private static final long MIN_LONG_PAUSE_NANOS = 4_000 * MILLI;

  /** A minute is so many times as long. */
  private static final double LONGEST_PAUSE = 15;

  private final Agenda agenda;
  private final Cluster cluster;
  private final BooleanSupplier over;

  /**
   * The faults of a cluster's machines.
   *
   * @param over whether nothing is to happen any more
   */
  MachineFaults(Agenda agenda, Cluster cluster, BooleanSupplier over) {
    this.agenda = agenda;
    this.cluster = cluster;
    this.over = over;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(
        Fault.KILL,
        Fault.POWER_LOSS,
        Fault.POWER_LOSS_OF_ALL,
        Fault.CRASH_LOOP,
        Fault.CLOSE,
        Fault.PAUSE,
        Fault.ACTOR_PAUSE,
        Fault.CLOCK_DRIFT,
        Fault.WALL_CLOCK_STEP,
        Fault.WALL_CLOCK_STOP,
        Fault.FAILING_APPLY,
        Fault.LONG_PAUSE,
        Fault.BROKEN_CLOCK);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    return switch (fault) {
      case KILL -> victim.isUp() && did(victim::kill);
      case POWER_LOSS -> did(victim::losePower);
      case POWER_LOSS_OF_ALL -> blackout(random);
      case CRASH_LOOP -> crashAgain(victim, 2 + random.nextInt(4), random);
      case CLOSE -> victim.isServing() && did(victim::close);
      case PAUSE -> victim.isUp() && did(() -> victim.pause(MILLI << random.nextInt(13)));
      case ACTOR_PAUSE ->
          victim.isUp() && did(() -> victim.pauseActor(MILLI << random.nextInt(13)));
      case CLOCK_DRIFT ->
          did(() -> victim.clock().drift(random.nextInt(2 * MAX_DRIFT) - MAX_DRIFT));
      case WALL_CLOCK_STEP ->
          did(
              () ->
                  victim.clock().stepWall(random.nextLong(2 * MAX_STEP_MILLIS) - MAX_STEP_MILLIS));
      case WALL_CLOCK_STOP -> did(() -> victim.clock().stopWall(random.nextLong(MAX_STOP_NANOS)));
      case LONG_PAUSE -> victim.isUp() && did(() -> pauseLong(victim, random));
      case BROKEN_CLOCK ->
          did(() -> victim.clock().drift(random.nextInt(SLOWEST_CLOCK, FASTEST_CLOCK)));
      case FAILING_APPLY -> victim.isServing() && did(() -> victim.failApply(random.nextBoolean()));
      default -> throw new IllegalArgumentException(fault + " is not of machines");
    };
  }

  private static boolean did(Runnable action) {
    action.run();
    return true;
  }

  /** As in all that lasts long, a short time is as likely as one that is twice as long. */
  private static void pauseLong(SimulatedNode node, RandomGenerator random) {
    double times = StrictMath.pow(LONGEST_PAUSE, random.nextDouble());
    long nanos = (long) (MIN_LONG_PAUSE_NANOS * times);
    if (random.nextBoolean()) {
      node.pause(nanos);
    } else {
      node.pauseActor(nanos);
    }
  }

  /** The rate of a sound clock, in millionths too fast. */
  static int ordinaryDrift(RandomGenerator random) {
    return random.nextInt(-ORDINARY_DRIFT, ORDINARY_DRIFT + 1);
  }

  /** The power of all goes, and comes back to all at about the same time. */
  private boolean blackout(RandomGenerator random) {
    for (SimulatedNode node : cluster.nodes()) {
      node.losePower();
      agenda.after(random.nextLong(500 * MILLI), () -> startUnlessUp(node));
    }
    return true;
  }

  private void startUnlessUp(SimulatedNode node) {
    if (!over.getAsBoolean() && !node.isUp()) {
      node.start();
    }
  }

  /**
   * It dies, is started at once, and dies again before it has come to much: what it only read back
   * must not be taken for durable (rule P3).
   */
  private boolean crashAgain(SimulatedNode node, int times, RandomGenerator random) {
    int way = random.nextInt(4);
    long down = random.nextLong(20 * MILLI);
    long up = 10 * MICRO << random.nextInt(14);
    if (over.getAsBoolean()) {
      return false;
    }
    if (way == 0) {
      node.losePower();
    } else if (node.isUp() && way == 1) {
      node.kill();
    } else if (node.isUp()) {
      node.dieInCall(random.nextInt(12));
    }
    if (times > 0) {
      agenda.after(
          down,
          () -> {
            startUnlessUp(node);
            agenda.after(up, () -> crashAgain(node, times - 1, random));
          });
    }
    return true;
  }
}
