package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.TransferOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalNodeTest {

  private static final Duration SHORT = Duration.ofMillis(200);

  /** For calls that must be taken before it is over, however busy the machine is. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static RejectReason reason(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    return ((Outcome.Rejected) outcome).reason();
  }

  private static RejectReason reason(ReadOutcome outcome) {
    assertThat(outcome).isInstanceOf(ReadOutcome.Refused.class);
    return ((ReadOutcome.Refused) outcome).reason();
  }

  private static String words(RaftNode node) {
    return text(node.read(bytes("")).join().value());
  }

  @Test
  void aSingleNodeServesFromItsFirstCall() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      assertThat(text(node.submitOrThrow(bytes("a")))).isEqualTo("a!");
      Outcome.Applied second = (Outcome.Applied) node.submit(bytes("b")).join();
      assertThat(second.index()).isGreaterThan(2);
      ReadOutcome.Answered answer = (ReadOutcome.Answered) node.read(bytes("")).join();
      assertThat(text(answer.value())).isEqualTo("a b ");
      assertThat(answer.index()).isGreaterThanOrEqualTo(second.index());
      assertThat(node.status().role()).isEqualTo(Role.LEADER);
      assertThat(node.status().clusterId()).hasSize(32);
      assertThat(node.status().condition()).isEqualTo(new NodeCondition.Working());
    }
  }

  @Test
  void aNodeRemembersAfterARestart() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      String clusterId = node.status().clusterId();
      node.close();
      assertThat(node.status().condition()).isEqualTo(new NodeCondition.Closed());
      RaftNode again = cluster.start(1);
      assertThat(words(again)).isEqualTo("a ");
      assertThat(again.status().clusterId()).isEqualTo(clusterId);
    }
  }

  @Test
  void threeNodesFormAClusterAndEachOfThemServes() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      for (int i = 1; i <= 3; i++) {
        assertThat(text(cluster.node(i).submitOrThrow(bytes("w" + i)))).isEqualTo("w" + i + "!");
      }
      for (int i = 1; i <= 3; i++) {
        assertThat(words(cluster.node(i))).isEqualTo("w1 w2 w3 ");
      }
    }
  }

  @Test
  void manyCallsAtATimeAreAppliedOnceEach() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      List<CompletableFuture<Outcome>> calls =
          IntStream.range(0, 3_000)
              .mapToObj(i -> cluster.node(1 + i % 3).submit(bytes("x")))
              .toList();
      calls.forEach(call -> assertThat(call.join()).isInstanceOf(Outcome.Applied.class));
      assertThat(words(cluster.follower())).hasSize(6_000);
      assertThat(cluster.disk(1).forces()).isLessThan(3_000);
    }
  }

  @Test
  void theClusterOutlivesItsLeader() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      RaftNode leader = cluster.leader();
      leader.close();
      // A node that still believes in the old leader would hand it the command, which then is
      // unknown.
      assertThat(text(cluster.leader().submitOrThrow(bytes("b")))).isEqualTo("b!");
      int number = leader.id().value().charAt(1) - '0';
      RaftNode again = cluster.start(number);
      assertThat(words(again)).isEqualTo("a b ");
    }
  }

  @Test
  void leadershipIsHandedOver() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      // On a busy machine somebody else may be elected meanwhile, which is said, and tried again.
      until("a new leader", () -> leadsAfterTransfer(cluster, cluster.follower().id()));
      assertThat(cluster.follower().transferLeadership(cluster.leader().id(), SHORT).join())
          .isInstanceOf(TransferOutcome.Failed.class);
    }
  }

  private static boolean leadsAfterTransfer(TestCluster cluster, NodeId target) {
    TransferOutcome outcome =
        cluster.leader().transferLeadership(target, Duration.ofSeconds(10)).join();
    return outcome instanceof TransferOutcome.Transferred && cluster.leader().id().equals(target);
  }

  @Test
  void callsOfANodeThatFormsWaitForTheirDeadline() {
    try (TestCluster cluster = new TestCluster(3)) {
      RaftNode node = cluster.start(1);
      Outcome.Rejected rejected = (Outcome.Rejected) node.submit(bytes("a"), SHORT).join();
      assertThat(rejected.reason()).isEqualTo(RejectReason.NOT_A_MEMBER);
      assertThat(rejected.message()).contains("n2", "n3");
      assertThat(reason(node.read(bytes(""), SHORT).join())).isEqualTo(RejectReason.NOT_A_MEMBER);
      assertThat(node.transferLeadership(NodeId.of("n2"), SHORT).join())
          .isInstanceOf(TransferOutcome.Failed.class);
      CompletableFuture<Outcome> patient = node.submit(bytes("b"), Duration.ofSeconds(20));
      assertThat(node.status().condition()).isInstanceOf(NodeCondition.Forming.class);
      cluster.start(2);
      cluster.start(3);
      assertThat(patient.join()).isInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void withoutAQuorumCallsEndAtTheirDeadline() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      RaftNode leader = cluster.leader();
      cluster.network.cutOff(leader.id());
      assertThat(leader.submit(bytes("b"), AMPLE).join()).isInstanceOf(Outcome.Unknown.class);
      assertThat(reason(leader.read(bytes(""), SHORT).join()))
          .isIn(RejectReason.TIMED_OUT, RejectReason.NO_LEADER);
      until("stepping down", () -> leader.status().role() != Role.LEADER);
      assertThat(reason(leader.submit(bytes("c"), SHORT).join())).isEqualTo(RejectReason.NO_LEADER);
      cluster.network.heal(leader.id());
      assertThat(leader.submit(bytes("d"), Duration.ofSeconds(20)).join())
          .isInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void aWipedNodeSaysThatItIsNoMember() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      cluster.node(3).close();
      cluster.disk(3).wipe();
      RaftNode wiped = cluster.start(3);
      until("saying so", () -> wiped.status().condition() instanceof NodeCondition.NotAMember);
      assertThat(text(cluster.leader().submitOrThrow(bytes("b")))).isEqualTo("b!");
      assertThat(reason(wiped.submit(bytes("c"), SHORT).join()))
          .isEqualTo(RejectReason.NOT_A_MEMBER);
    }
  }

  @Test
  @Tag("pitfall-44")
  void aFailedForceDegradesTheNodeForGood() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.node(1).submitOrThrow(bytes("a"));
      RaftNode follower = cluster.follower();
      int number = follower.id().value().charAt(1) - '0';
      cluster.disk(number).failForces(new IOException("the disk is gone"));
      cluster.leader().submitOrThrow(bytes("b"));
      until("degrading", () -> follower.status().condition() instanceof NodeCondition.Degraded);
      assertThat(follower.health().isLive()).isFalse();
      assertThat(reason(follower.submit(bytes("c")).join())).isEqualTo(RejectReason.DEGRADED);
      assertThat(reason(follower.read(bytes("")).join())).isEqualTo(RejectReason.DEGRADED);
      assertThat(text(cluster.leader().submitOrThrow(bytes("d")))).isEqualTo("d!");
    }
  }

  @Test
  void aFullDiskIsWaitedFor() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      cluster.disk(1).full(true);
      Outcome outcome = node.submit(bytes("b"), SHORT).join();
      assertThat(outcome).isNotInstanceOf(Outcome.Applied.class);
      until("not leading", () -> node.status().role() != Role.LEADER);
      assertThat(node.status().condition()).isEqualTo(new NodeCondition.Working());
      cluster.disk(1).full(false);
      assertThat(node.submit(bytes("c"), Duration.ofSeconds(20)).join())
          .isInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void onAFullDiskCommandsAreRejectedAndReadsAnswered() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      cluster.disk(1).scarce(true);
      node.submit(bytes("b")).join();
      assertThat(reason(node.submit(bytes("c")).join())).isEqualTo(RejectReason.NO_SPACE);
      assertThat(node.read(bytes("")).join()).isInstanceOf(ReadOutcome.Answered.class);
      assertThat(node.status().role()).isEqualTo(Role.LEADER);
      cluster.disk(1).scarce(false);
      until("room for commands", () -> node.submit(bytes("d")).join() instanceof Outcome.Applied);
    }
  }

  @Test
  void aFailingStateMachineStopsServing() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      assertThat(node.submit(bytes(Register.FAIL)).join()).isInstanceOf(Outcome.Unknown.class);
      until("degrading", () -> node.status().condition() instanceof NodeCondition.Degraded);
      NodeCondition.Degraded degraded = (NodeCondition.Degraded) node.status().condition();
      assertThat(degraded.fault()).isEqualTo(NodeCondition.Fault.APPLY_FAILED);
      assertThat(degraded.message()).contains("index").contains("told to");
      assertThat(reason(node.read(bytes(""), SHORT).join())).isEqualTo(RejectReason.DEGRADED);
      assertThat(node.submit(bytes("b"), SHORT).join()).isNotInstanceOf(Outcome.Applied.class);
    }
  }

  @Test
  void anErrorOfTheVirtualMachineHaltsTheNode() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      assertThat(node.submit(bytes(Register.OVERFLOW)).join()).isInstanceOf(Outcome.Unknown.class);
      until("degrading", () -> node.status().condition() instanceof NodeCondition.Degraded);
      assertThat(reason(node.submit(bytes("b")).join())).isEqualTo(RejectReason.DEGRADED);
      until("no more life", () -> !node.health().isLive());
      assertThat(node.status().role()).isEqualTo(Role.FOLLOWER);
    }
  }

  @Test
  void aFailingQueryIsItsAskersAffair() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      CompletableFuture<ReadOutcome> read = node.read(bytes(Register.FAIL));
      assertThatThrownBy(read::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(RaftException.class);
      assertThat(words(node)).isEqualTo("a ");
    }
  }

  @Test
  void tooManyAndTooLongCallsAreRefusedAtOnce() {
    try (TestCluster cluster =
        new TestCluster(2)
            .with("raft.max-pending-calls", "2")
            .with("raft.max-command-bytes", "3")) {
      RaftNode node = cluster.start(1);
      assertThat(reason(node.submit(bytes("long")).join())).isEqualTo(RejectReason.TOO_LARGE);
      assertThat(reason(node.read(bytes("long")).join())).isEqualTo(RejectReason.TOO_LARGE);
      CompletableFuture<Outcome> first = node.submit(bytes("a"), AMPLE);
      CompletableFuture<Outcome> second = node.submit(bytes("a"), AMPLE);
      assertThat(reason(node.submit(bytes("a")).join())).isEqualTo(RejectReason.OVER_LIMIT);
      first.join();
      second.join();
      assertThat(reason(node.submit(bytes("a"), SHORT).join()))
          .isEqualTo(RejectReason.NOT_A_MEMBER);
      assertThatThrownBy(() -> node.submit(bytes("a"), Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closingEndsAllCallsAndLeavesNoThread() {
    TestCluster cluster = new TestCluster(2);
    RaftNode node = cluster.start(1);
    CompletableFuture<Outcome> call = node.submit(bytes("a"));
    cluster.close();
    cluster.close();
    assertThat(reason(call.join())).isEqualTo(RejectReason.CLOSED);
    assertThat(reason(node.submit(bytes("b")).join())).isEqualTo(RejectReason.CLOSED);
    assertThat(node.closeAsync()).isCompleted();
    until(
        "the end of all threads",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("quorate-n1-")));
  }

  @Test
  void callbacksMayWaitForOtherCallsAndMayClose() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      List<CompletableFuture<String>> nested =
          IntStream.range(0, 50)
              .mapToObj(
                  i ->
                      node.submit(bytes("a"))
                          .thenApply(outer -> text(node.submitOrThrow(bytes("b")))))
              .toList();
      nested.forEach(call -> assertThat(call.join()).isEqualTo("b!"));
      CompletableFuture<Void> closed = node.submit(bytes("c")).thenAccept(outcome -> node.close());
      closed.join();
      node.closeAsync().join();
      assertThat(node.status().condition()).isEqualTo(new NodeCondition.Closed());
    }
  }

  @Test
  void theStateMachineMustNotWaitForItsOwnNode() {
    AtomicReference<RaftNode> self = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch closed = new CountDownLatch(1);
    StateMachine machine =
        new StateMachine() {
          @Override
          public byte[] apply(ApplyContext context, ByteBuffer command) {
            try {
              self.get().submitOrThrow(new byte[0]);
            } catch (IllegalStateException e) {
              thrown.set(e);
            }
            self.get().close();
            closed.countDown();
            return new byte[0];
          }

          @Override
          public byte[] query(ByteBuffer query) {
            return new byte[0];
          }
        };
    try (TestCluster cluster = new TestCluster(1, () -> machine)) {
      RaftNode node = cluster.start(1);
      self.set(node);
      node.submit(new byte[0]).join();
      node.closeAsync().join();
      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
      assertThat(closed.getCount()).isZero();
    }
  }

  @Test
  void aListenerHearsThePresentStateFirstAndThenWhatChanges() {
    try (TestCluster cluster = new TestCluster(1)) {
      RaftNode node = cluster.start(1);
      node.submitOrThrow(bytes("a"));
      List<String> heard = Collections.synchronizedList(new ArrayList<>());
      RaftNode.Registration registration =
          node.addListener(
              new RaftListener() {
                @Override
                public void onRoleChanged(Role role, long term) {
                  heard.add("role " + role);
                }

                @Override
                public void onLeaderChanged(Optional<NodeId> leader, long term) {
                  heard.add("leader " + leader.map(NodeId::value).orElse("none"));
                }

                @Override
                public void onConditionChanged(NodeCondition condition) {
                  heard.add("condition " + condition.getClass().getSimpleName());
                }
              });
      until("the present state", () -> heard.size() == 3);
      assertThat(heard).containsExactly("role LEADER", "leader n1", "condition Working");
      node.submit(bytes(Register.FAIL)).join();
      until("the fault", () -> heard.contains("condition Degraded"));
      registration.close();
      registration.close();
    }
  }
}
