package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.diagram.SpaceTimeDiagram;
import dev.quorate.raft.testkit.internal.trace.ProtocolTrace;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a plan, and tells of a failure so that it helps. */
public final class Runner {

  private static final int LINES = 400;

  /** How many events are drawn, the last ones: more make a page that a browser is slow with. */
  private static final int DRAWN = 20_000;

  private static final long MILLI = 1_000_000;

  private Runner() {}

  /**
   * Runs.
   *
   * @param replay how a person sees a failure again
   * @param diagrams where each run, or of a failing one a smaller run that fails likewise, is
   *     drawn; if anywhere
   * @param traces where each run is written for the model checker; if anywhere
   * @throws SimulationFailure if an invariant does not hold
   */
  public static SimulationReport run(
      Plan plan, Supplier<String> replay, Optional<Path> diagrams, Optional<Path> traces) {
    Run run = new Run(plan, diagrams.isPresent() ? DRAWN : 0);
    ProtocolTrace recording = new ProtocolTrace();
    traces.ifPresent(directory -> run.record(recording));
    try {
      SimulationReport report = run.run();
      diagrams.ifPresent(directory -> draw(directory, plan, report.toString(), run.trace()));
      return report;
    } catch (Violation e) {
      throw failure(plan, e, replay, diagrams);
    } catch (RuntimeException | Error e) {
      throw failure(plan, unexpected(e), replay, diagrams);
    } finally {
      traces.ifPresent(
          directory -> write(directory, "seed-" + plan.seed() + ".ndjson", recording.text()));
    }
  }

  private static Path draw(Path directory, Plan plan, String title, Trace trace) {
    return write(
        directory, "seed-" + plan.seed() + ".html", SpaceTimeDiagram.html(title, trace.lines()));
  }

  private static Path write(Path directory, String name, String text) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(directory);
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("the run cannot be written to " + file, e);
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

  private static SimulationFailure failure(
      Plan plan, Violation violation, Supplier<String> replay, Optional<Path> diagrams) {
    Plan small = Shrinker.shrink(plan, violation.invariant());
    Run again = new Run(small, diagrams.isPresent() ? DRAWN : LINES);
    Violation seen = violation;
    try {
      again.run();
    } catch (Violation e) {
      seen = e;
    } catch (RuntimeException | Error e) {
      seen = unexpected(e);
    }
    String story =
        "seed "
            + plan.seed()
            + " breaks "
            + violation.getMessage()
            + "\nreplay: "
            + replay.get()
            + "\nsmaller, with "
            + small.disasters().intensities()
            + " for "
            + small.stormNanos() / MILLI
            + " ms: "
            + seen.getMessage();
    String drawn =
        diagrams
            .map(directory -> "\ndiagram: " + draw(directory, plan, story, again.trace()))
            .orElse("");
    return new SimulationFailure(
        plan.seed(), violation.invariant(), story + drawn + "\n" + again.story(LINES), violation);
  }
}
