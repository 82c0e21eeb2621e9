package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Two machines that are two loopback addresses of one. */
@DisabledIf("dev.quorate.scenario.Scenarios#isShortOverTcp")
class TwoAddressesIT extends ScenarioSuite {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Override
  Site site(Path directory) throws IOException {
    return Site.twoAddresses(directory, Scenarios.transport());
  }

  /**
   * Machine 2 first, and machine 1 a while later. S1 says up to 30 s; the first one is already
   * waiting when these begin, and CI takes a shorter time for the same thing.
   */
  @Override
  List<DemoProcess> startAll() throws IOException, InterruptedException {
    int seconds = Scenarios.isShort() ? 0 : Integer.getInteger("quorate.scenarios.stagger", 8);
    return startBoth(1, Duration.ofSeconds(seconds));
  }

  @Test
  @Order(11)
  @DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
  void halfOfAClusterThatLivesIsNotCleared() throws Exception {
    end(0);
    DemoProcess refused = site().start(0);
    refused.await(
        "^chat demo: the cluster lives on the other machine \\(node 3 answers at .*\\), so the data"
            + " here is not cleared; join it with --skip-clear$",
        SOON);
    assertThat(refused.awaitExit(SOON)).isEqualTo(1);

    restart(0, "--skip-clear");
    awaitEverywhere("five nodes", SOON, DemoProcess.Table::isWhole);
    demo(0).testPasses();
  }
}
