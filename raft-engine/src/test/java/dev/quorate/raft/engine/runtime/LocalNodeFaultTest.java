package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node owes to its callers when something is slow, fails, or ends. */
@Timeout(60)
class LocalNodeFaultTest {

  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final List<Scripted> machines = new ArrayList<>();

  private Scripted machine() {
    Scripted machine = new Scripted();
    machines.add(machine);
    return machine;
  }

  private Scripted machineOf(RaftNode node) {
    return machines.get(node.id().value().charAt(1) - '1');
  }

  private static void assertRejected(Outcome outcome, RejectReason reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Rejected.class, end -> assertThat(end.reason()).isEqualTo(reason));
  }

  @Test
  void queriesWhoseAskersHaveGivenUpAreNotRun() {
    try (TestCluster cluster = new TestCluster(1, this::machine)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      Scripted machine = machineOf(node);
      machine.mayQuery = new CountDownLatch(1);
      CompletableFuture<ReadOutcome> slow = node.read(bytes(""), LONG);
      Scripted.await(machine.querying);
      IntStream.range(0, 100)
          .mapToObj(i -> node.read(bytes(""), SHORT))
          .toList()
          .forEach(read -> assertThat(read.join()).isInstanceOf(ReadOutcome.Refused.class));
      machine.mayQuery.countDown();
      assertThat(slow.join()).isInstanceOf(ReadOutcome.Answered.class);
      node.submitOrThrow(bytes("b"));
      assertThat(machine.queries).hasValue(1);
    }
  }

  @Test
  void aFollowerWhoseStateMachineFailedTakesNoCommands() {
    try (TestCluster cluster = new TestCluster(3, this::machine).startAll()) {
      cluster.leader().submitOrThrow(bytes("a"));
      RaftNode follower = cluster.follower();
      machineOf(follower).fails = true;
      cluster.leader().submitOrThrow(bytes("b"));
      until("degrading", () -> follower.status().condition() instanceof NodeCondition.Degraded);
      assertRejected(follower.submit(bytes("c"), LONG).join(), RejectReason.DEGRADED);
    }
  }

  @Test
  void whatIsPendingWhenTheStateMachineFailsEndsThen() throws Exception {
    try (TestCluster cluster = new TestCluster(3, this::machine).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      RaftNode leader = cluster.leader();
      Scripted machine = machineOf(leader);
      // The cluster's first entry, the leader's no-op, the cluster's settings, and the command.
      long before = 4;
      until("all being applied", () -> leader.status().appliedIndex() == before);
      machine.fails = true;
      machine.mayApply = new CountDownLatch(1);
      CompletableFuture<Outcome> failing = leader.submit(bytes("b"), LONG);
      until("b being committed", () -> leader.status().commitIndex() > before);
      cluster.network.cutOff(leader.id());
      CompletableFuture<Outcome> pending = leader.submit(bytes("c"), LONG);
      machine.mayApply.countDown();
      assertThat(failing.get(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Unknown.class);
      assertThat(pending.get(20, TimeUnit.SECONDS)).isNotInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void closingEndsEveryCallHoweverManyThereAre() {
    for (int round = 0; round < 5; round++) {
      TestCluster cluster = new TestCluster(2);
      RaftNode node = cluster.start(1);
      List<CompletableFuture<Outcome>> calls =
          IntStream.range(0, 10_000).mapToObj(i -> node.submit(bytes("a"), LONG)).toList();
      node.closeAsync().join();
      assertThat(calls).allMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void aTurnThatFailsIsShown() throws IOException {
    for (Error error : List.of(new AssertionError("told to"), new StackOverflowError("told to"))) {
      assertThat(conditionAfterSendingThrew(error)).contains("told to");
    }
  }

  private static String conditionAfterSendingThrew(Error error) throws IOException {
    BrokenTransport broken = new BrokenTransport();
    broken.onSend = error;
    TestCluster cluster = new TestCluster(2);
    try (RaftNode node = cluster.builder(1).transport(broken).start()) {
      until("degrading", () -> node.status().condition() instanceof NodeCondition.Degraded);
      return ((NodeCondition.Degraded) node.status().condition()).message();
    }
  }

  @Test
  void aCallWhoseDeadlinePassedBeforeItWasTakenIsCertainlyNotDone() throws IOException {
    ManualEnvironment environment = new ManualEnvironment(1);
    LocalNode node = LocalNode.start(options(), environment);
    environment.advance(10_000);
    assertThat(node.submit(bytes("a"))).isNotDone();
    environment.advance(1_000);
    CompletableFuture<Outcome> late = node.submit(bytes("b"), Duration.ofMillis(1));
    environment.pause(2);
    environment.advance(1);
    assertRejected(late.join(), RejectReason.TIMED_OUT);
    node.closeAsync();
    environment.advance(1);
  }

  @Test
  void aNodeThatHasNotBegunDoesNotLookLikeAWorkingOne() throws IOException {
    ManualEnvironment environment = new ManualEnvironment(1);
    NodeOptions options = options();
    EngineSettings settings = EngineSettings.of(options.settings(), "memory", "memory");
    Host host = Host.open(options.host(), settings, environment);
    NodeLoop loop = new NodeLoop(host, options, settings, new Callbacks(environment.callbacks()));
    loop.onSpace(true);
    environment.advance(1);
    assertThat(loop.board().condition()).isInstanceOf(NodeCondition.Forming.class);
    host.abort();
  }

  @Test
  void aNodeSaysWhatIsTrueBeforeItsFirstTurn() throws IOException {
    ManualEnvironment environment = new ManualEnvironment(1);
    TestCluster cluster = new TestCluster(3);
    LocalNode fresh = LocalNode.start(cluster.options(1), environment);
    assertThat(fresh.status().condition())
        .isEqualTo(new NodeCondition.Forming(List.of(NodeId.of("n2"), NodeId.of("n3"))));
    List<LocalNode> nodes = new ArrayList<>(List.of(fresh));
    nodes.add(LocalNode.start(cluster.options(2), environment));
    nodes.add(LocalNode.start(cluster.options(3), environment));
    environment.advance(10_000);
    nodes.forEach(LocalNode::closeAsync);
    environment.advance(1_000);

    LocalNode again = LocalNode.start(cluster.options(1), environment);
    NodeStatus status = again.status();
    assertThat(status.condition()).isEqualTo(new NodeCondition.Working());
    assertThat(status.role()).isEqualTo(Role.FOLLOWER);
    assertThat(status.term()).isPositive();
    assertThat(status.lastIndex()).isGreaterThanOrEqualTo(2);
    assertThat(status.voters()).hasSize(3);
    again.closeAsync();
    environment.advance(1_000);
  }

  private static NodeOptions options() {
    return BrokenTransport.options(NodeId.of("n1"), new MemoryNetwork(), new MemoryDisk());
  }
}
