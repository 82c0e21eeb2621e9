package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeHealth.Finding;
import dev.quorate.raft.api.NodeHealth.Kind;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two of three lost their disks: nobody can tell what was committed, and nobody pretends to. */
@Timeout(120)
class WipedMajorityTest {

  @TempDir private Path directory;

  private static boolean finds(NodeHealth health, Kind kind) {
    return health.findings().stream().map(Finding::kind).toList().equals(List.of(kind));
  }

  @Test
  void theRestSaysSoAndNoProbeRestartsIt() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      nodes.node("n1").submitOrThrow(KeyValueStore.put("a", "a"));
      for (String id : List.of("n1", "n2", "n3")) {
        nodes.stop(id);
      }
      Path kept = directory.resolve("n2-kept");
      Files.move(directory.resolve("n2"), kept);
      DamagedLogTest.wipe(directory.resolve("n3"));
      for (String id : List.of("n1", "n2", "n3")) {
        nodes.start(id, Settings.empty());
      }
      until("n1 to say so", () -> finds(nodes.node("n1").health(), Kind.MAJORITY_LOST));
      for (String id : List.of("n2", "n3")) {
        until(id + " to say so", () -> finds(nodes.node(id).health(), Kind.NOT_A_MEMBER));
      }
      assertThat(nodes.all())
          .allMatch(node -> node.health().isLive())
          .noneMatch(node -> node.health().isReady());
      assertThat(nodes.node("n1").submit(KeyValueStore.put("b", "b"), PATIENCE).join())
          .isInstanceOfSatisfying(
              Outcome.Rejected.class,
              refused -> assertThat(refused.reason()).isEqualTo(RejectReason.DEGRADED));
      for (String id : List.of("n1", "n3")) {
        assertThat(nodes.node(id).transferLeadership(NodeId.of("n2"), PATIENCE).join())
            .isInstanceOfSatisfying(
                TransferOutcome.Failed.class,
                failed ->
                    assertThat(failed.reason()).isEqualTo(TransferOutcome.Reason.UNAVAILABLE));
      }

      nodes.stop("n2");
      DamagedLogTest.wipe(directory.resolve("n2"));
      Files.move(kept, directory.resolve("n2"));
      nodes.start("n2", Settings.empty());
      until("a majority that remembers", () -> nodes.node("n1").health().isReady());
      nodes.node("n1").submitOrThrow(KeyValueStore.put("b", "b"));
      assertThat(RealNodes.length(nodes.node("n2"), "a")).isEqualTo(1);
    }
  }

  /** It is no news as long as it lasts, and news when it happens again. */
  @Test
  void eachTimeIsLogged() throws IOException {
    Path kept = directory.resolve("n2-kept");
    try (LogRecords records = new LogRecords();
        RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      nodes.node("n1").submitOrThrow(KeyValueStore.put("a", "a"));
      nodes.stop("n3");
      DamagedLogTest.wipe(directory.resolve("n3"));
      nodes.start("n3", Settings.empty());
      for (int times = 1; times <= 2; times++) {
        nodes.stop("n2");
        Files.move(directory.resolve("n2"), kept);
        nodes.start("n2", Settings.empty());
        until("the loss", () -> finds(nodes.node("n1").health(), Kind.MAJORITY_LOST));
        assertThat(records.with("node n1 of group default is degraded")).hasSize(times);

        nodes.stop("n2");
        DamagedLogTest.wipe(directory.resolve("n2"));
        Files.move(kept, directory.resolve("n2"));
        nodes.start("n2", Settings.empty());
        until("a majority that remembers", () -> nodes.node("n1").health().isReady());
      }
    }
  }
}
