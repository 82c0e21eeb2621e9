package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.simulation.Fault;
import java.util.List;

/**
 * Finds a smaller run that breaks the same invariant: fewer groups, fewer kinds of faults, a
 * shorter storm.
 */
final class Shrinker {

  private static final int MAX_RUNS = 60;
  private static final long LEAST_NANOS = 100_000_000;

  private final String invariant;
  private Plan smallest;
  private int runs;

  private Shrinker(Plan plan, String invariant) {
    this.smallest = plan;
    this.invariant = invariant;
  }

  /** The smallest plan that was found to break that invariant, the given one if no other. */
  static Plan shrink(Plan plan, String invariant) {
    Shrinker shrinker = new Shrinker(plan, invariant);
    shrinker.fewerGroups();
    shrinker.fewerFaults();
    shrinker.shorterStorm();
    return shrinker.smallest;
  }

  private void fewerGroups() {
    boolean fewer = true;
    while (fewer && smallest.groups() > 1) {
      fewer = keepIfBroken(smallest.having(smallest.groups() - 1));
    }
  }

  private void fewerFaults() {
    for (Fault fault : List.copyOf(smallest.disasters().intensities().keySet())) {
      keepIfBroken(smallest.with(smallest.disasters().without(fault)));
    }
  }

  private void shorterStorm() {
    long step = smallest.stormNanos() / 2;
    while (step >= LEAST_NANOS) {
      if (smallest.stormNanos() <= step
          || !keepIfBroken(smallest.lasting(smallest.stormNanos() - step))) {
        step /= 2;
      }
    }
  }

  private boolean keepIfBroken(Plan candidate) {
    if (runs++ >= MAX_RUNS) {
      return false;
    }
    boolean broken = Runner.broken(candidate).filter(invariant::equals).isPresent();
    if (broken) {
      smallest = candidate;
    }
    return broken;
  }
}
