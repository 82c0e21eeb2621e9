package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios S11 and S11b: disks are lost, of one node and then of a majority. */
@Timeout(400)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
@Tag("pitfall-32")
class WipedDisksIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int SENDS = 600;

  private static final Map<String, String> COMPACTED =
      Map.of(
          "raft.snapshot.after-entries", "100",
          "raft.snapshot.tail-entries", "20",
          "raft.storage.file.segment-bytes", "64KiB",
          "raft.max-command-bytes", "16KiB");

  @Test
  void aNodeThatForgotItsVotesNeverLeadsAndAMajorityOfThemStopsTheRest(@TempDir Path directory)
      throws Exception {
    try (Site site = Site.oneMachine(directory, Scenarios.transport(), COMPACTED)) {
      DemoProcess demo = site.start(0);
      demo.awaitReady();
      demo.answers(
          "fail 2", "node 2 is the initial leader; only a demo with --fail-leader may stop it");
      demo.testPasses();
      // The beginning of the log is gone: only a snapshot can bring an empty disk to where we are.
      Client client = site.client();
      client.load(site.addresses());
      client.awaitLoaded(SENDS, LONG);
      List<Client.Seen> acknowledged = client.unload();

      s11(demo, site, acknowledged);
      s11b(demo, site);
      demo.exits(3);
    }
  }

  private static void s11(DemoProcess demo, Site site, List<Client.Seen> acknowledged)
      throws Exception {
    for (int node : List.of(1, 2, 4, 5)) {
      awaitGone(site.data(node).resolve("group-default").resolve("0000000001.wal"));
    }
    lose(demo, site, 3);
    DemoProcess.Table table = demo.status();
    // It says what it is, and the others go on as if it were not there.
    assertThat(table.row(3).state()).isEqualTo("✗ Failed");
    assertThat(table.text()).doesNotContain("no quorum");
    assertThat(table.leader()).isNotEqualTo(3);
    demo.testPasses();
    // Without node 4 the quorum is 1, 2 and 5: the wiped node has no say in it and never leads.
    demo.answers("fail 4", "node 4 is stopped");
    demo.testPasses();
    assertThat(demo.status().leader()).isNotEqualTo(3);
    demo.answers("start 4", "node 4 is online after .*");
    demo.awaitStatus("four nodes", SOON, shown -> shown.online().equals(List.of(1, 2, 4, 5)));

    demo.readmits(3, LONG);
    demo.awaitStatus("five nodes", SOON, DemoProcess.Table::isWhole);
    awaitSameState(site, 3);
    assertThat(site.client().conversation(site.address(3))).containsAll(acknowledged);
    demo.answers("readmit 3", "node 3 does not wait to be readmitted; see .*");
    // It counts again: with 1 and 2 it is a quorum.
    demo.answers("fail 4", "node 4 is stopped");
    demo.answers("fail 5", "node 5 is stopped");
    demo.testPasses();
    demo.answers("start 4", "node 4 is online after .*");
    demo.answers("start 5", "node 5 is online after .*");
    demo.awaitStatus("five nodes", SOON, DemoProcess.Table::isWhole);
  }

  private static void awaitGone(Path segment) {
    long begin = System.nanoTime();
    while (Files.exists(segment)) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("%s is still there", segment)
          .isLessThan(LONG);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static void awaitSameState(Site site, int node) throws Exception {
    long begin = System.nanoTime();
    while (!site.client()
        .state(site.address(node))
        .contents()
        .equals(site.client().state(site.address(1)).contents())) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    }
  }

  private static void s11b(DemoProcess demo, Site site) throws Exception {
    long before = site.client().state(site.address(1)).lastIndex();
    lose(demo, site, 3);
    lose(demo, site, 4);
    lose(demo, site, 5);
    // The two that kept their disks know that they are not enough, and say so.
    demo.awaitStatus("that no node serves", SOON, table -> table.online().isEmpty());
    assertThat(demo.testFails())
        .contains("no quorum: 0 of 5 nodes can serve, 3 needed")
        .contains("were wiped");
    site.client().cannotRead(site.address(1));
    assertThat(site.client().state(site.address(1)).lastIndex()).isGreaterThanOrEqualTo(before);
    assertThat(site.client().state(site.address(2)).lastIndex()).isGreaterThanOrEqualTo(before);
  }

  /** Stops a node, wipes its disk, and starts it again. */
  private static void lose(DemoProcess demo, Site site, int node) throws Exception {
    demo.answers("fail " + node, "node " + node + " is stopped");
    wipe(site.data(node));
    demo.answers("start " + node, "node " + node + " (runs|is online) after .*");
    demo.awaitStatus(
        "that node " + node + " is no member any more",
        SOON,
        table -> table.row(node).state().equals("✗ Failed"));
  }

  private static void wipe(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
