package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why a node is degraded is in its status, and in its log once, with what it came from. */
@Timeout(120)
class LoggedOnceTest {

  private final LogRecords records = new LogRecords();

  @TempDir private Path directory;

  @AfterEach
  void listenNoMore() {
    records.close();
  }

  private void assertLoggedOnce(RaftNode node, String reason, Class<? extends Throwable> thrown) {
    assertThat(node.status().condition())
        .isInstanceOfSatisfying(
            NodeCondition.Degraded.class,
            degraded -> assertThat(degraded.message()).contains(reason));
    assertThat(records.with(reason))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.SEVERE);
              assertThat(line.getMessage())
                  .isEqualTo(
                      "node n1 of group default is degraded: "
                          + ((NodeCondition.Degraded) node.status().condition()).message());
              assertThat(line.getThrown()).isInstanceOf(thrown);
            });
    assertThat(records.with("what happened at node n1 of group default before:"))
        .singleElement()
        .satisfies(line -> assertThat(line.getMessage()).contains("leads"));
  }

  @Test
  void whyAForceFailed() throws IOException {
    FailingForces disk = new FailingForces();
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.with((id, builder) -> builder.storage(disk));
      nodes.found(Settings.empty(), "n1");
      RaftNode node = nodes.node("n1");
      node.submit(KeyValueStore.put("a", "a"), PATIENCE).join().resultOrThrow();
      disk.fail();
      assertThat(node.submit(KeyValueStore.put("b", "b"), PATIENCE).join())
          .isNotInstanceOf(Outcome.Applied.class);
      until("halting", () -> !node.health().isLive());
      assertLoggedOnce(node, FailingForces.REASON, IOException.class);
      assertThat(node.submit(KeyValueStore.put("c", "c"), PATIENCE).join())
          .isInstanceOf(Outcome.Rejected.class);
      assertThat(node.health().findings())
          .extracting(NodeHealth.Finding::kind)
          .containsExactly(NodeHealth.Kind.HALTED);
      nodes.stop("n1");
      assertThat(records.with(FailingForces.REASON)).as("closing says nothing of it").hasSize(1);

      nodes.with((id, builder) -> {});
      RaftNode again = nodes.start("n1", Settings.empty());
      assertThat(RealNodes.length(again, "a")).as("kept for the next start").isEqualTo(1);
    }
  }

  @Test
  void whyTheStateMachineFailed() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.with((id, builder) -> builder.stateMachine(new Poisoned()));
      nodes.found(Settings.empty(), "n1");
      RaftNode node = nodes.node("n1");
      assertThat(node.submit(Poisoned.COMMAND, PATIENCE).join())
          .isInstanceOf(Outcome.Unknown.class);
      until("the reason", () -> node.status().condition() instanceof NodeCondition.Degraded);
      assertLoggedOnce(node, Poisoned.REASON, IllegalStateException.class);
    }
  }

  @Test
  void whatIsWrongWithItsLog() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1")) {
      nodes.found(Settings.empty(), "n1");
      nodes.node("n1").submit(KeyValueStore.put("a", "a"), PATIENCE).join().resultOrThrow();
      nodes.stop("n1");
      DamagedLogTest.damage(directory.resolve("n1").resolve("group-default"));
      nodes.start("n1", Settings.empty());
      assertThat(records.with("a batch is damaged")).hasSize(1);
    }
  }
}
