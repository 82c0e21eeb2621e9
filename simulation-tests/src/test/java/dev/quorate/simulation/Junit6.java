package dev.quorate.simulation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a test with whichever JUnit is on the class path, and says which that is. */
public final class Junit6 {

  private Junit6() {}

  /** Runs the test class {@code args[0]}; fails with 1 unless all its tests succeed. */
  public static void main(String[] args) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(args[0])).build(),
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
