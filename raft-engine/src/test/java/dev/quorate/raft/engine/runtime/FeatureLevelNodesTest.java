package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.SnapshotOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Whole nodes of two versions, which differ in the feature level that they support (rule P18). */
class FeatureLevelNodesTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestCluster cluster = new TestCluster(3);
  private final ManualEnvironment environment = new ManualEnvironment(3);
  private final LocalNode[] nodes = new LocalNode[4];

  private void start(int number, int level) throws IOException {
    nodes[number] = LocalNode.start(cluster.options(number).withLevel(level), environment);
  }

  private void restart(int number, int level) throws IOException {
    CompletableFuture<Void> closed = nodes[number].closeAsync();
    becomes(closed::isDone);
    start(number, level);
  }

  private void becomes(BooleanSupplier condition) {
    for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
      environment.advance(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Membership membership(int number) {
    return nodes[number].status().membership();
  }

  private void submit(int number, String text) {
    CompletableFuture<Outcome> call = nodes[number].submit(Register.bytes(text), LONG);
    becomes(call::isDone);
    assertThat(call.join()).isInstanceOf(Outcome.Applied.class);
  }

  private boolean isDegraded(int number) {
    return nodes[number].status().condition() instanceof NodeCondition.Degraded degraded
        && degraded
            .message()
            .contains("the group has reached feature level 2, and this version supports 1");
  }

  private void untilLevel(int level) {
    becomes(
        () ->
            membership(1).featureLevel() == level
                && membership(2).featureLevel() == level
                && membership(3).featureLevel() == level);
  }

  @Test
  void theLevelRisesWithTheLastRestartAndWhoGoesBackStopsAndKeepsItsData() throws IOException {
    start(1, 1);
    start(2, 1);
    start(3, 1);
    submit(1, "a");
    restart(1, 2);
    restart(2, 2);
    submit(1, "b");
    assertThat(membership(1).featureLevel()).isEqualTo(1);
    restart(3, 2);
    untilLevel(2);
    submit(3, "c");

    restart(3, 1);
    becomes(() -> isDegraded(3));
    assertThat(nodes[3].health().isReady()).isFalse();
    assertThat(nodes[3].health().isLive()).as("it still votes and stores").isTrue();
    submit(1, "d");
    long last = nodes[1].status().lastIndex();
    becomes(() -> nodes[3].status().durableIndex() >= last);
    assertThat(nodes[3].status().appliedIndex()).as("stopped before").isLessThan(last);

    restart(3, 2);
    becomes(() -> nodes[3].status().appliedIndex() >= last);
    assertThat(nodes[3].status().condition()).isInstanceOf(NodeCondition.Working.class);

    // The same with a snapshot that was taken at the higher level.
    CompletableFuture<SnapshotOutcome> taken = nodes[3].takeSnapshot(LONG);
    becomes(taken::isDone);
    assertThat(taken.join()).isInstanceOf(SnapshotOutcome.Taken.class);
    restart(3, 1);
    becomes(() -> isDegraded(3));
    assertThat(nodes[3].status().appliedIndex()).isZero();
  }
}
