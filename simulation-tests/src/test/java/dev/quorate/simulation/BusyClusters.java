package dev.quorate.simulation;

import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.time.Duration;

/**
 * Clusters that are called a hundred thousand times a second, so that logs are long, pipelines full
 * and batches of any length, with the campaign's faults, each ten times more rarely.
 */
final class BusyClusters {

  private static final int CALLERS = 200;
  private static final Duration PACE = Duration.ofMillis(2);
  private static final Duration STORM = Duration.ofSeconds(5);
  private static final int RARER = 10;

  private BusyClusters() {}

  /**
   * Runs the seeds from {@code args[0]} on, until there were {@code args[1]} commits, and prints a
   * line for each with its hash and the sum so far; the last one begins with the commits. An
   * exception of the first that fails ends it.
   */
  public static void main(String[] args) {
    long seed = Long.parseLong(args[0]);
    long enough = Long.parseLong(args[1]);
    Tally tally = new Tally();
    while (tally.commits() < enough) {
      SimulationReport report = simulation(seed).run();
      tally.add(report);
      String hash = Long.toHexString(report.traceHash());
      System.out.println("seed " + seed + " " + hash + " : " + tally);
      seed++;
    }
    System.out.println(tally.commits() + " commits, " + tally.faults());
  }

  private static Simulation simulation(long seed) {
    return Simulation.of(Accounts::new, new Accounts.Moves(false))
        .nodes(seed % 4 == 0 ? 5 : 3)
        .seed(seed)
        .callers(CALLERS)
        .pace(PACE)
        .storm(STORM)
        .rarer(RARER)
        .setting("raft.max-command-bytes", Campaign.MAX_COMMAND_BYTES + "B")
        .setting("raft.max-pending-calls", "2000")
        // By the end all must have expired, or there might be no room for another.
        .setting("raft.session.timeout", "5s")
        .setting("raft.snapshot.after-entries", seed % 2 == 0 ? "0" : "5000")
        .setting("raft.snapshot.tail-entries", "500");
  }
}
