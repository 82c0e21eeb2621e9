package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A cluster that nobody calls: what it costs to be there, and how fast it is simulated. */
class QuietClusterTest {

  private static final int RUNS = Integer.getInteger("quorate.simulation.runs", 1);
  private static final Duration STORM = Duration.ofMinutes(RUNS == 1 ? 2 : 50);
  private static final double NANOS_PER_SECOND = 1e9;

  @Test
  void aHeartbeatIsAboutAllThatHappens() throws IOException {
    HashFile hashes = new HashFile();
    for (int seed = 1; seed <= RUNS; seed++) {
      long begin = System.nanoTime();
      SimulationReport report =
          Simulation.of(Accounts::new, new Accounts.Moves(false))
              .faults()
              .pace(Duration.ofDays(1))
              .storm(STORM)
              .seed(seed)
              .run();
      System.out.printf(
          Locale.ROOT,
          "a quiet cluster: %,.0f simulated seconds a second%n",
          report.simulated().toMillis() * NANOS_PER_SECOND / 1e3 / (System.nanoTime() - begin));
      assertThat(report.committed()).isLessThan(20);
      // Twenty heartbeats a second to two followers; a leader's timers, and all turns besides.
      assertThat(report.steps()).isLessThan(310 * report.simulated().toSeconds());
      hashes.add(report);
    }
    hashes.writeOrCompareIfWanted("quiet");
  }
}
