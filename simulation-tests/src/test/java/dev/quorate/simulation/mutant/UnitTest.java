package dev.quorate.simulation.mutant;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs one test method with the classes of whoever loaded this one. */
public final class UnitTest {

  private UnitTest() {}

  /**
   * Runs a method that is named as {@code package.Type#method}, and tells how it fails; empty if it
   * does not.
   */
  public static String failure(String method) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectMethod(method))
                .build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    if (summary.getTestsStartedCount() != 1) {
      throw new IllegalStateException(method + " is " + summary.getTestsStartedCount() + " tests");
    }
    StringWriter failures = new StringWriter();
    summary.printFailuresTo(new PrintWriter(failures, true));
    return failures.toString();
  }
}
