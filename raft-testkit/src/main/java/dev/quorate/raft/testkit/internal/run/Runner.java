package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.util.Optional;

/** Runs a plan, and tells of a failure so that it helps. */
public final class Runner {

  private static final int LINES = 400;
  private static final long MILLI = 1_000_000;

  private Runner() {}

  /**
   * Runs.
   *
   * @param replay how a person sees a failure again
   * @throws SimulationFailure if an invariant does not hold
   */
  public static SimulationReport run(Plan plan, String replay) {
    try {
      return new Run(plan, 0).run();
    } catch (Violation e) {
      throw failure(plan, e, replay);
    } catch (RuntimeException | Error e) {
      throw failure(plan, unexpected(e), replay);
    }
  }

  /** Runs, and tells which invariant breaks, if any. */
  public static Optional<String> broken(Plan plan) {
    try {
      new Run(plan, 0).run();
      return Optional.empty();
    } catch (Violation e) {
      return Optional.of(e.invariant());
    } catch (RuntimeException | Error e) {
      return Optional.of(unexpected(e).invariant());
    }
  }

  /** An exception that came out of a node, or of the simulator itself. */
  static Violation unexpected(Throwable cause) {
    Violation violation = new Violation("exception", cause.toString());
    violation.initCause(cause);
    return violation;
  }

  private static SimulationFailure failure(Plan plan, Violation violation, String replay) {
    Plan small = Shrinker.shrink(plan, violation.invariant());
    Run again = new Run(small, LINES);
    Violation seen = violation;
    try {
      again.run();
    } catch (Violation e) {
      seen = e;
    } catch (RuntimeException | Error e) {
      seen = unexpected(e);
    }
    return new SimulationFailure(
        plan.seed(),
        violation.invariant(),
        "seed "
            + plan.seed()
            + " breaks "
            + violation.getMessage()
            + "\nreplay: "
            + replay
            + "\nsmaller, with "
            + small.disasters().intensities()
            + " for "
            + small.stormNanos() / MILLI
            + " ms: "
            + seen.getMessage()
            + "\n"
            + again.trace().text(),
        violation);
  }
}
