package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.util.EnumMap;
import org.junit.jupiter.api.Test;

/** Many seeds: no invariant breaks, every group recovers, and every fault really happened. */
class CampaignTest {

  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1);
  private static final boolean SHORT = "short".equals(System.getProperty("quorate.scenarios"));
  private static final int SEEDS =
      Integer.getInteger(
          "quorate.simulation.seeds",
          System.getProperty("quorate.simulation.seed") != null ? 1 : SHORT ? 100 : 400);

  @Test
  void noSeedBreaksAnInvariantAndEveryGroupRecovers() {
    EnumMap<Fault, Long> faults = new EnumMap<>(Fault.class);
    long applied = 0;
    long reads = 0;
    long simulatedMillis = 0;
    long commits = 0;
    long begin = System.nanoTime();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      SimulationReport report = Campaign.run(seed);
      report.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
      applied += report.applied();
      reads += report.reads();
      commits += report.committed();
      simulatedMillis += report.simulated().toMillis();
    }
    System.out.printf(
        "%d seeds, %d simulated s in %d s, %d commits, %d applied, %d reads, faults %s%n",
        SEEDS,
        simulatedMillis / 1_000,
        (System.nanoTime() - begin) / 1_000_000_000,
        commits,
        applied,
        reads,
        faults);
    // A simulation in which nothing happens proves nothing.
    assertThat(applied).isGreaterThan(50L * SEEDS);
    assertThat(reads).isGreaterThan(20L * SEEDS);
    if (SEEDS >= 100) {
      assertThat(faults).containsOnlyKeys(Fault.values());
    }
  }
}
