package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Scenario S12: the log is compacted, and a node that missed what is gone gets a snapshot. */
@Timeout(3_600)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class CompactedLogIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SENDS = Integer.getInteger("quorate.scenarios.sends", 5_000);
  private static final int SAMPLE = 1_000;

  /** The last samples: what grows with the log slows all of them, what else a machine does one. */
  private static final int LAST = 3;

  private static final double KEPT = 0.8;

  /** Slow, even for a machine that has other things to do. */
  private static final Duration LOADED_WITHIN = Duration.ofMillis(60L * SENDS);

  private static final Map<String, String> SMALL =
      Map.of(
          "raft.snapshot.after-entries", "500",
          "raft.snapshot.tail-entries", "100",
          "raft.storage.file.segment-bytes", "1MiB",
          "raft.max-command-bytes", "256KiB");

  @Test
  void s12ANodeThatWasDownIsCaughtUpBySnapshot(@TempDir Path directory) throws Exception {
    try (Site site = Site.oneMachine(directory, Scenarios.transport(), SMALL)) {
      DemoProcess demo = site.start(0);
      demo.awaitReady();
      demo.testPasses();
      demo.answers("fail 3", "node 3 is stopped");
      Client client = site.client();
      client.load(site.addresses());
      demandSteadyRate(client);
      List<Client.Seen> acknowledged = client.unload();
      // Nobody has the beginning of the log any more, so that no entries can bring node 3 there.
      for (int node : List.of(1, 2, 4, 5)) {
        awaitGone(log(site, node).resolve("0000000001.wal"));
      }

      demo.answers("start 3", "node 3 is online after .*");
      awaitSameState(client, site);
      assertThat(client.conversation(site.address(3))).containsAll(acknowledged);

      // What a snapshot brought survives a restart, and serves those who were not there before.
      demo.answers("fail 3", "node 3 is stopped");
      demo.answers("start 3", "node 3 is online after .*");
      awaitSameState(client, site);
      demo.testPasses();
      demo.exits(0);
    }
  }

  /**
   * The longer the history, the slower? The first thousand meets nodes that have compiled nothing
   * yet, which would excuse much; it is not counted.
   */
  private static void demandSteadyRate(Client client) throws Exception {
    assertThat(SENDS).as("quorate.scenarios.sends").isGreaterThanOrEqualTo((2 + LAST) * SAMPLE);
    client.awaitLoaded(SAMPLE, LOADED_WITHIN);
    double first = rate(client, 2 * SAMPLE);
    client.awaitLoaded(SENDS - LAST * SAMPLE, LOADED_WITHIN);
    double last = 0;
    for (int left = LAST - 1; left >= 0; left--) {
      last = Math.max(last, rate(client, SENDS - left * SAMPLE));
    }
    String rates =
        "S12: %.0f sends/s up to %d, %.0f sends/s up to %d"
            .formatted(first, 2 * SAMPLE, last, SENDS);
    System.out.println(rates);
    assertThat(last).as(rates).isGreaterThanOrEqualTo(KEPT * first);
  }

  /** Sends a second from now until so many are acknowledged, which are a sample more. */
  private static double rate(Client client, int until) throws Exception {
    long begin = System.nanoTime();
    client.awaitLoaded(until, LOADED_WITHIN);
    return SAMPLE * 1e9 / (System.nanoTime() - begin);
  }

  private static Path log(Site site, int node) {
    return site.data(node).resolve("group-default");
  }

  private static void awaitGone(Path segment) throws Exception {
    long begin = System.nanoTime();
    while (Files.exists(segment)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("%s is still there, beside %s", segment, names(segment.getParent()))
          .isLessThan(SOON);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void awaitSameState(Client client, Site site) throws Exception {
    long begin = System.nanoTime();
    String all;
    do {
      all = client.state(site.address(2)).contents();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    } while (!all.equals(client.state(site.address(3)).contents()));
  }
}
