package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Scenario S14: nodes 1 and 2, with the leader, are cut off from nodes 3, 4 and 5. */
@Timeout(400)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class PartitionIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int FLAPS = 3;

  @TempDir private Path directory;

  @Test
  void s14BetweenTwoNamespaces() throws Exception {
    Scenarios.need(Namespaces.missing());
    try (TwoHosts hosts = Namespaces.make()) {
      theMajorityGoesOnAndTheRestFollowsAfterwards(hosts);
    }
  }

  @Test
  void s14BetweenTwoLoopbackAddresses() throws Exception {
    Scenarios.need(LoopbackHosts.missing());
    try (TwoHosts hosts = LoopbackHosts.make()) {
      theMajorityGoesOnAndTheRestFollowsAfterwards(hosts);
    }
  }

  private void theMajorityGoesOnAndTheRestFollowsAfterwards(TwoHosts hosts) throws Exception {
    try (Site site = Site.twoHosts(directory, hosts, Scenarios.transport())) {
      DemoProcess minority = site.start(0);
      DemoProcess majority = site.start(1);
      minority.awaitReady();
      majority.awaitReady();
      majority.awaitStatus("node 2 leads", SOON, table -> table.isWhole() && table.leader() == 2);
      minority.testPasses();

      Client beside = site.clientOn(1);
      assertThat(beside.leader(site.address(3))).isEqualTo(2);
      Client client = site.client();
      Client.Draft early = client.draft(site.address(2), "to-a-leader-that-is-cut-off");
      Client.Draft late = client.draft(site.address(2), "to-a-leader-that-was-cut-off");
      assertThat(client.leader(site.address(2))).isEqualTo(2);
      hosts.cut();
      client.beginSend(site.address(2), early);
      awaitNewLeader(beside, site, Scenarios.limit(Duration.ofSeconds(2)));
      majority.awaitStatus("the new leader", SOON, table -> table.leader() >= 3);
      assertThat(minority.testFails()).contains("no quorum: 2 of 5 nodes reachable, 3 needed");
      minority.awaitStatus("that node 2 has stepped down", SOON, table -> table.leader() == 0);
      majority.testPasses();
      client.endSendUnacknowledged();
      client.beginSend(site.address(2), late);
      assertThat(client.endSendUnacknowledged()).as("it is certainly not sent").isTrue();

      hosts.heal();
      for (DemoProcess demo : List.of(minority, majority)) {
        demo.awaitStatus("one leader for all", SOON, DemoProcess.Table::isWhole);
      }
      minority.testPasses();
      awaitEqualStates(site);
      isThereOnlyWhenSentAgain(client, site, early, late);

      flap(hosts, majority);
      minority.exits(3);
      majority.exits(0);
    }
  }

  /**
   * The new leader's log has taken the place of what the old one had alone, be it that nobody could
   * tell what would become of that.
   */
  private static void isThereOnlyWhenSentAgain(
      Client client, Site site, Client.Draft again, Client.Draft never) throws Exception {
    List<Client.Seen> healed = client.conversation(site.address(2));
    assertThat(again.in(healed)).isEmpty();
    assertThat(never.in(healed)).isEmpty();

    Client.Seen sent = client.sends(site.address(4), again);
    assertThat(client.sends(site.address(1), again)).isEqualTo(sent);
    List<Client.Seen> conversation = client.conversation(site.address(3));
    assertThat(again.in(conversation)).containsExactly(sent);
    assertThat(never.in(conversation)).isEmpty();
  }

  /**
   * Asks the nodes and not the table: while others are cut off a table takes longer than an
   * election.
   */
  private static void awaitNewLeader(Client client, Site site, Duration within) throws Exception {
    long begin = System.nanoTime();
    int leader;
    Duration taken;
    do {
      leader = client.leader(site.address(3));
      taken = Duration.ofNanos(System.nanoTime() - begin);
    } while (leader < 3 && taken.compareTo(within) <= 0);
    assertThat(leader).as("the leader at node 3 after %s", taken).isGreaterThanOrEqualTo(3);
    assertThat(taken).isLessThanOrEqualTo(within);
  }

  /** Nodes that come and go disturb nobody: the leader leads on, in its term. */
  private static void flap(TwoHosts hosts, DemoProcess majority) throws Exception {
    // Whoever leads, in whatever term, must be on the side that is not flapping.
    DemoProcess.Table before = majority.status();
    boolean leaderStays = before.leader() >= 3;
    for (int flap = 0; flap < FLAPS; flap++) {
      hosts.cut();
      majority.awaitStatus(
          "nodes 1 and 2 offline", SOON, table -> table.online().equals(List.of(3, 4, 5)));
      hosts.heal();
      majority.awaitStatus("all nodes", SOON, DemoProcess.Table::isWhole);
    }
    if (leaderStays) {
      DemoProcess.Table after = majority.status();
      assertThat(after.leader()).isEqualTo(before.leader());
      assertThat(after.row(3).term()).isEqualTo(before.row(3).term());
    }
  }

  private static void awaitEqualStates(Site site) throws Exception {
    long begin = System.nanoTime();
    Set<String> states = new HashSet<>();
    do {
      states.clear();
      for (String node : site.addresses()) {
        states.add(site.client().state(node).contents());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    } while (states.size() > 1);
  }
}
