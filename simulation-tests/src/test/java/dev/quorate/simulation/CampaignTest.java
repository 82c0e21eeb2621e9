package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many seeds: no invariant breaks, every group recovers, and every fault really happened. */
class CampaignTest {

  private static final long FIRST_SEED = Long.getLong("quorate.simulation.seed", 1);
  private static final boolean SHORT = "short".equals(System.getProperty("quorate.scenarios"));
  private static final int SEEDS =
      Integer.getInteger(
          "quorate.simulation.seeds",
          System.getProperty("quorate.simulation.seed") != null ? 1 : SHORT ? 100 : 320);

  /** With 320 seeds at least a hundred thousand, which {@link BusyClusterTest} makes a million. */
  private static final long COMMITS_PER_SEED = 313;

  /** Seeds that found something once, each with its story behind it. */
  private static final Path REGRESSIONS = Path.of("src", "test", "seeds.txt");

  @Test
  void noSeedBreaksAnInvariantAndEveryGroupRecovers() throws IOException {
    Tally tally = new Tally();
    HashFile hashes = new HashFile();
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    seeds().parallel().forEach(seed -> run(seed, tally, hashes, broken));
    assertThat(broken).isEmpty();
    System.out.println(tally + " " + tally.faults());
    hashes.writeOrCompareIfWanted("campaign");
    // A simulation in which nothing happens proves nothing.
    assertThat(tally.applied()).isGreaterThan(50L * SEEDS);
    assertThat(tally.reads()).isGreaterThan(20L * SEEDS);
    if (SEEDS >= 100) {
      assertThat(tally.sizes()).containsExactly(1, 2, 3, 4, 5, 6, 7);
      assertThat(tally.inSessions()).isGreaterThan(20L * SEEDS);
      assertThat(tally.commits()).isGreaterThanOrEqualTo(COMMITS_PER_SEED * SEEDS);
      assertThat(tally.repeats()).isGreaterThan(SEEDS);
      assertThat(tally.changes()).isGreaterThan(SEEDS / 3);
      assertThat(tally.installs()).isGreaterThan(SEEDS / 4);
      assertThat(tally.rests()).isGreaterThan(SEEDS / 20);
      assertThat(tally.faults()).containsOnlyKeys(Fault.values());
    }
  }

  /** Not any more once a seed is broken, because making its run small takes long. */
  private static void run(long seed, Tally tally, HashFile hashes, Queue<String> broken) {
    if (!broken.isEmpty()) {
      return;
    }
    try {
      SimulationReport report = Campaign.run(seed);
      tally.add(report);
      hashes.add(report);
    } catch (SimulationFailure e) {
      broken.add(Campaign.replay(e.seed()) + "\n" + e.getMessage());
    }
  }

  /** All that are asked for; those that found something once are always among them. */
  private static LongStream seeds() throws IOException {
    LongStream row = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    LongStream once =
        Files.readAllLines(REGRESSIONS).stream()
            .filter(line -> !line.startsWith("#"))
            .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' '))));
    return SEEDS == 1 ? row : LongStream.concat(row, once).distinct();
  }
}
