package dev.quorate.simulation;

import dev.quorate.raft.testkit.simulation.SimulationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Any number of seeds on all cores, for {@code bin/simulate}. */
public final class LongCampaign {

  private static final int PROGRESS_SECONDS = 10;

  private final long end;
  private final AtomicLong next;
  private final Tally tally = new Tally();
  private final List<String> findings = new CopyOnWriteArrayList<>();

  private LongCampaign(long first, long count) {
    this.next = new AtomicLong(first);
    this.end = first + count;
  }

  /**
   * Runs {@code args[1]} seeds from {@code args[0]} on, shows the progress, and writes a summary to
   * the file {@code args[2]}. Ends with 1 if any seed fails.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    LongCampaign campaign = new LongCampaign(Long.parseLong(args[0]), Long.parseLong(args[1]));
    campaign.run(Runtime.getRuntime().availableProcessors());
    Path file = Path.of(args[2]);
    Files.writeString(file, campaign.summary());
    System.out.println(campaign + "\n" + file);
    System.exit(campaign.findings.isEmpty() ? 0 : 1);
  }

  private void run(int threads) throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      workers.execute(this::work);
    }
    workers.shutdown();
    while (!workers.awaitTermination(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
      System.out.println(this);
    }
  }

  private void work() {
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      try {
        tally.add(Campaign.run(seed));
      } catch (SimulationFailure e) {
        findings.add(Campaign.replay(e.seed()) + "\n" + e.getMessage());
        System.out.println(
            "seed " + e.seed() + " breaks " + e.invariant() + ": " + Campaign.replay(e.seed()));
      } catch (RuntimeException | Error e) {
        // The campaign itself is broken: without its worker it would end early and find nothing.
        findings.add("seed " + seed + " was not run: " + e);
        next.set(end);
        throw e;
      }
    }
  }

  private String summary() {
    return this + "\n" + tally.faults() + "\n\n" + String.join("\n\n", findings) + "\n";
  }

  @Override
  public String toString() {
    return tally + ", " + findings.size() + " findings";
  }
}
