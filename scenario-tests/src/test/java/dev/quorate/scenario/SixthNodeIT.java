package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Scenario S13: a sixth node is added and removed while sending goes on. */
@Timeout(400)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class SixthNodeIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofSeconds(90);

  /** What the client's senders have under way at most is less. */
  private static final int MORE = 50;

  @Test
  void s13ComesAndGoesWhileMessagesAreSent(@TempDir Path directory) throws Exception {
    try (Site site = Site.oneMachine(directory, Scenarios.transport())) {
      DemoProcess demo = site.start(0);
      demo.awaitReady();
      demo.testPasses();
      Client client = site.client();

      client.load(site.addresses());
      client.awaitMore(MORE, SOON);
      LineProcess sixth = site.startNewcomer();
      sixth.await("^node 6 is no member of the cluster: .* waits to be added$", LONG);
      member(site, "add", 0, "^node 6 is a member after .*$");
      sixth.await("^node 6 is a member of the cluster$", SOON);
      client.awaitMore(MORE, SOON);
      assertThat(client.voters(site.address(2))).isEqualTo(6);
      member(site, "add", 1, "^chat member: node 6 is not added: 6 is a member; .*$");
      List<Client.Seen> acknowledged = new ArrayList<>(client.unload());
      awaitSameState(client, site);
      assertThat(client.voters(site.newcomersAddress())).isEqualTo(6);
      assertThat(client.conversation(site.newcomersAddress())).containsAll(acknowledged);

      client.load(site.addresses());
      client.awaitMore(MORE, SOON);
      member(site, "remove", 0, "^node 6 is no member any more after .*$");
      sixth.await("^node 6 is no member of the cluster: this node was removed.*$", SOON);
      client.awaitMore(MORE, SOON);
      assertThat(client.voters(site.address(2))).isEqualTo(5);
      member(site, "remove", 1, "^chat member: node 6 is not removed: 6 is no member; .*$");
      client.cannotRead(site.newcomersAddress());
      acknowledged.addAll(client.unload());

      List<Client.Seen> all = client.conversation(site.address(1));
      assertThat(all).containsAll(acknowledged);
      assertThat(all).extracting(Client.Seen::content).doesNotHaveDuplicates();
      sixth.process().destroy();
      sixth.awaitExit(SOON);
      demo.testPasses();
      demo.exits(0);
    }
  }

  private static void member(Site site, String change, int exitCode, String answer)
      throws Exception {
    LineProcess command = site.member(change);
    command.await(answer, LONG);
    assertThat(command.awaitExit(SOON)).isEqualTo(exitCode);
  }

  private static void awaitSameState(Client client, Site site) throws Exception {
    long begin = System.nanoTime();
    String leaders;
    do {
      leaders = client.state(site.address(2)).contents();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    } while (!leaders.equals(client.state(site.newcomersAddress()).contents()));
  }
}
