package dev.quorate.simulation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import java.io.PrintWriter;
import java.time.Duration;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a test of two seeds with whichever JUnit is on the class path, and says which that is. */
public final class Junit6 {

  /** Short, because a process that has just begun is slow. */
  static final class TwoSeeds {
    @SimulationTest(seeds = 2)
    void addsUp(long seed) {
      Simulation.of(FirstSimulationTest.Sum::new, random -> new byte[] {1})
          .storm(Duration.ofSeconds(1))
          .seed(seed)
          .run();
    }
  }

  private Junit6() {}

  /** Ends with 1 unless both seeds succeed. */
  public static void main(String[] args) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(TwoSeeds.class)).build(),
        listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true));
    System.out.println(
        launcher.getClass().getPackage().getImplementationVersion()
            + ": "
            + summary.getTestsSucceededCount()
            + " of "
            + summary.getTestsFoundCount());
    System.exit(summary.getTestsSucceededCount() == summary.getTestsFoundCount() ? 0 : 1);
  }
}
