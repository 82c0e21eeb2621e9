package dev.quorate.raft.testkit.contract;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs cases of a contract and says how they ended. */
final class Cases implements TestExecutionListener {

  private final Set<String> passed = new TreeSet<>();
  private final Set<String> failed = new TreeSet<>();

  /** Runs a whole contract. */
  static Cases of(Class<?> contract) {
    return run(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(contract))
            .build());
  }

  /** Runs some cases of a contract. */
  static Cases of(Class<?> contract, Set<String> names) {
    return run(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                names.stream()
                    .map(name -> DiscoverySelectors.selectMethod(contract, name))
                    .toList())
            .build());
  }

  private static Cases run(LauncherDiscoveryRequest request) {
    Cases cases = new Cases();
    LauncherFactory.create().execute(request, cases);
    return cases;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.getSource().orElse(null) instanceof MethodSource method) {
      boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      (good ? passed : failed).add(method.getMethodName());
    }
  }

  Set<String> passed() {
    return passed;
  }

  Set<String> failed() {
    return failed;
  }

  static Set<String> names(String... names) {
    return new TreeSet<>(Arrays.asList(names));
  }
}
