package dev.quorate.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Scenario S10: all nodes are killed at one moment while messages are sent. */
@Timeout(400)
@DisabledIfSystemProperty(named = "quorate.scenarios", matches = "short")
class KilledUnderLoadIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int DAMAGED_AT = 110;
  private static final int ACKNOWLEDGED_AT_LEAST = 200;

  @Test
  void s10NothingThatWasAcknowledgedIsLostOrDoubled(@TempDir Path directory) throws Exception {
    try (Site site = Site.oneMachine(directory, Scenarios.transport())) {
      DemoProcess demo = site.start(0);
      demo.awaitReady();
      demo.testPasses();
      Client client = site.client();
      client.load(site.addresses());
      client.awaitLoaded(ACKNOWLEDGED_AT_LEAST);

      demo.killAll();
      List<Client.Seen> acknowledged = client.unload();

      DemoProcess again = site.start(0, "--skip-clear");
      again.awaitReady();
      again.awaitStatus("five nodes", SOON, DemoProcess.Table::isWhole);
      List<Client.Seen> first = client.conversation(site.address(1));
      assertThat(first).containsAll(acknowledged);
      assertThat(first).extracting(Client.Seen::content).doesNotHaveDuplicates();
      for (String node : site.addresses()) {
        assertThat(client.conversation(node)).isEqualTo(first);
      }
      again.exits(0);
    }
  }

  @Test
  void noNodeOutlivesAKilledDemoAndWhatIsDamagedAfterwardsIsNamed(@TempDir Path directory)
      throws Exception {
    try (Site site = Site.oneMachine(directory, Scenarios.transport())) {
      DemoProcess demo = site.start(0);
      demo.awaitReady();
      List<ProcessHandle> nodes = demo.children();
      assertThat(nodes).hasSize(5);
      DemoProcess second = site.start(0);
      second.await("^chat demo: in use already: .*; end what listens there .*$", SOON);
      assertThat(second.awaitExit(SOON)).isEqualTo(1);

      demo.process().destroyForcibly().waitFor();
      DemoProcess.awaitEnd(nodes);
      damage(site.data(3).resolve("group-default").resolve("0000000001.wal"));

      DemoProcess again = site.start(0, "--skip-clear");
      again.awaitReady();
      again.await(
          "^Node 3: .*0000000001\\.wal, offset \\d+: .* wipe this node's whole data directory .*$",
          SOON);
      again.testPasses();
      again.exits(0);
    }
  }

  /** Inside the first batch, which was forced. */
  private static void damage(Path segment) throws IOException {
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), DAMAGED_AT);
    }
  }
}
