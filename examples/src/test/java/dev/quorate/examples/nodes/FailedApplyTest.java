package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exception that a command causes on every node is none that a restart of all mends. */
@Timeout(180)
class FailedApplyTest {

  private static final List<String> ALL = List.of("n1", "n2", "n3");

  @TempDir private Path directory;

  private static void assertOnlyStores(RaftNode node) {
    assertThat(node.status().condition())
        .isInstanceOfSatisfying(
            NodeCondition.Degraded.class,
            degraded -> assertThat(degraded.message()).contains(Poisoned.REASON));
    assertThat(node.health().findings())
        .extracting(NodeHealth.Finding::kind)
        .containsExactly(NodeHealth.Kind.APPLY_FAILED);
    assertThat(node.health().isReady()).isFalse();
    assertThat(node.health().isLive()).as("a probe must not restart all at once").isTrue();
    assertThat(node.submit(KeyValueStore.put("a", "a"), PATIENCE).join())
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            refused -> assertThat(refused.reason()).isEqualTo(RejectReason.DEGRADED));
  }

  @Test
  void theyVoteAndStoreForTheFirstThatIsMendedAndComeBackOneAfterTheOther() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.with((id, builder) -> builder.stateMachine(new Poisoned()));
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      nodes.node("n1").submit(KeyValueStore.put("before", "it"), PATIENCE).join().resultOrThrow();
      assertThat(nodes.node("n2").submit(Poisoned.COMMAND, PATIENCE).join())
          .isInstanceOf(Outcome.Unknown.class);
      for (String id : ALL) {
        RaftNode node = nodes.node(id);
        until(id + " to fail", () -> node.status().condition() instanceof NodeCondition.Degraded);
        assertOnlyStores(nodes.node(id));
      }

      nodes.with((id, builder) -> {});
      nodes.stop("n1");
      RaftNode mended = nodes.start("n1", Settings.empty());
      mended.submit(KeyValueStore.put("after", "served"), PATIENCE).join().resultOrThrow();
      assertThat(RealNodes.length(mended, "poison")).as("it is not skipped").isPositive();
      for (String id : List.of("n2", "n3")) {
        RaftNode other = nodes.node(id);
        until(
            id + " to store what is committed",
            () -> other.status().durableIndex() >= mended.status().commitIndex());
        assertOnlyStores(other);
        nodes.stop(id);
        assertThat(RealNodes.length(nodes.start(id, Settings.empty()), "after"))
            .isEqualTo("served".length());
      }
    }
  }
}
