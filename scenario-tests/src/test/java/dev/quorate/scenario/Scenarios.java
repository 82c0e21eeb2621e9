package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.Optional;

/** What the build says about which scenarios it wants. */
final class Scenarios {
  private Scenarios() {}

  /** The transport between the nodes. */
  static String transport() {
    return System.getProperty("quorate.scenarios.transport", "tcp");
  }

  /** Whether only S1 and S5 to S8 are wanted. */
  static boolean isShort() {
    return "short".equals(System.getProperty("quorate.scenarios"));
  }

  /** Whether one layout is enough: the short list, over the transport that has it all elsewhere. */
  static boolean isShortOverTcp() {
    return isShort() && transport().equals("tcp");
  }

  /**
   * A limit of the specification, which is meant for two cores that have nothing else to do. On a
   * machine that is shared, {@code -Dquorate.scenarios.patience=4} allows four times as long.
   */
  static Duration limit(Duration specified) {
    return specified.multipliedBy(Integer.getInteger("quorate.scenarios.patience", 1));
  }

  /** Skips a test where something is missing, except in CI, which has to have it. */
  static void need(Optional<String> missing) {
    if (missing.isPresent()) {
      if (Boolean.getBoolean("quorate.ci")) {
        fail(missing.get());
      }
      abort(missing.get());
    }
  }
}
