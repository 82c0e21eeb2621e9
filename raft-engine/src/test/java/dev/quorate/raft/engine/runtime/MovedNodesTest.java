package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Nodes that move while there is no leader whom anybody could tell: the logs of all name their old
 * addresses, to which whoever is asked for a vote would answer.
 */
class MovedNodesTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestCluster cluster = new TestCluster(5);
  private final ManualEnvironment environment = new ManualEnvironment(5);
  private final LocalNode[] nodes = new LocalNode[6];

  private void start(int... numbers) throws IOException {
    for (int number : numbers) {
      nodes[number] = LocalNode.start(cluster.options(number), environment);
    }
  }

  private static Address elsewhere(int number) {
    return new Address("elsewhere", 7000 + number);
  }

  private void startElsewhere(int number) throws IOException {
    NodeOptions before = cluster.options(number);
    NodeOptions after =
        new NodeOptions(
            before.id(),
            before.cluster(),
            before.nodes(),
            elsewhere(number),
            before.stateMachine(),
            before.directory(),
            elsewhere(number),
            before.holder(),
            before.transport(),
            before.storage(),
            before.settings());
    nodes[number] = LocalNode.start(after, environment);
  }

  private void stop(int... numbers) {
    for (int number : numbers) {
      CompletableFuture<Void> closed = nodes[number].closeAsync();
      becomes(closed::isDone);
    }
  }

  private void becomes(BooleanSupplier condition) {
    for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
      environment.advance(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private void submit(int number, String text) {
    CompletableFuture<Outcome> call = nodes[number].submit(Register.bytes(text), LONG);
    becomes(call::isDone);
    assertThat(call.join()).isInstanceOf(Outcome.Applied.class);
  }

  private static NodeId id(int number) {
    return NodeId.of("n" + number);
  }

  private boolean leads(int number) {
    return nodes[number] != null && nodes[number].status().role() == Role.LEADER;
  }

  @Test
  void whoStayedFindsThemByWhatTheyAsk() throws IOException {
    start(1, 2, 3, 4, 5);
    submit(1, "a");
    stop(1, 2, 3, 4, 5);
    startElsewhere(1);
    startElsewhere(2);
    start(3);
    submit(3, "b");
    List.of(1, 2)
        .forEach(
            number -> {
              CompletableFuture<MembershipOutcome> told =
                  nodes[3].membership().updateAddress(id(number), elsewhere(number), LONG);
              becomes(told::isDone);
              assertThat(told.join()).isInstanceOf(MembershipOutcome.Changed.class);
            });
    submit(1, "c");
  }

  @Test
  void twoThatMovedFindEachOtherByWhomBothAsk() throws IOException {
    start(1, 2, 3, 4, 5);
    submit(1, "a");
    stop(3, 5);
    submit(1, "of which the third has not heard");
    stop(1, 2, 4);
    startElsewhere(1);
    startElsewhere(2);
    start(3);
    becomes(() -> IntStream.of(1, 2).anyMatch(this::leads));
    submit(3, "b");
  }

  /** Starts a node elsewhere while the others have a leader, and makes it the leader. */
  private void moveAndLead(int number) throws IOException {
    stop(number);
    startElsewhere(number);
    submit(number, "heard by the leader");
    transfer(number);
  }

  private void transfer(int number) {
    int leader = IntStream.rangeClosed(1, 5).filter(this::leads).findFirst().orElseThrow();
    CompletableFuture<?> led = nodes[leader].transferLeadership(id(number), LONG);
    becomes(() -> led.isDone() && leads(number));
  }

  @Test
  void aLeaderThatMovedStaysInOffice() throws IOException {
    start(1, 2, 3, 4, 5);
    submit(1, "a");
    moveAndLead(1);
    long term = nodes[1].status().term();
    environment.advance(30_000);
    submit(2, "b");
    assertThat(leads(1)).isTrue();
    assertThat(nodes[1].status().term()).isEqualTo(term);
  }

  @Test
  void whoseLogIsFromBeforeTheLeaderMovedCatchesUp() throws IOException {
    start(1, 2, 3, 4, 5);
    submit(1, "a");
    stop(3);
    submit(1, "of which the third has not heard");
    moveAndLead(1);
    CompletableFuture<MembershipOutcome> told =
        nodes[1].membership().updateAddress(id(1), elsewhere(1), LONG);
    becomes(told::isDone);
    start(3);
    becomes(() -> nodes[3].status().appliedIndex() == nodes[1].status().appliedIndex());
    assertThat(leads(1)).isTrue();
  }
}
