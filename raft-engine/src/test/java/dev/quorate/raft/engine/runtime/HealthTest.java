package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeCondition.Fault;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeHealth.Kind;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.engine.core.CoreHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthTest {

  private static List<Kind> kinds(NodeHealth health) {
    return health.findings().stream().map(NodeHealth.Finding::kind).toList();
  }

  @Test
  void aNodeIsReadyOnceThereIsALeaderAndNotWithoutAQuorum() {
    try (TestCluster cluster = new TestCluster(3)) {
      RaftNode first = cluster.start(1);
      until("the first to look around", () -> kinds(first.health()).contains(Kind.FORMING));
      assertThat(first.health().isLive()).isTrue();
      assertThat(first.health().isReady()).isFalse();
      cluster.start(2);
      cluster.start(3);
      for (int i = 1; i <= 3; i++) {
        RaftNode node = cluster.node(i);
        until(node.id() + " to be ready", () -> node.health().equals(new NodeHealth(List.of())));
        assertThat(node.health().isReady()).isTrue();
      }
      cluster.node(2).close();
      cluster.node(3).close();
      until("the lack of a quorum", () -> kinds(first.health()).equals(List.of(Kind.NO_LEADER)));
      until(
          "the facts",
          () ->
              first.health().findings().stream().anyMatch(f -> f.message().contains("no quorum")));
      assertThat(first.health().isLive()).isTrue();
      first.close();
      assertThat(kinds(first.health())).containsExactly(Kind.CLOSED);
      assertThat(first.health().isLive()).isFalse();
    }
  }

  @Test
  void aFaultAndAStrangerAndAFullDiskWeighDifferently() {
    Optional<CoreHealth> well = Optional.of(new CoreHealth(true, false, Optional.empty()));
    for (Fault fault : Fault.values()) {
      NodeHealth degraded = Checkup.of(new NodeCondition.Degraded(fault, "EIO"), well);
      assertThat(degraded.findings())
          .containsExactly(new NodeHealth.Finding(Kind.valueOf(fault.name()), "EIO"));
      assertThat(degraded.isReady()).isFalse();
      assertThat(degraded.isLive())
          .as("a restart helps only one that has halted")
          .isEqualTo(fault != Fault.HALTED);
    }
    NodeHealth stranger = Checkup.of(new NodeCondition.NotAMember("wiped"), well);
    assertThat(stranger.isLive()).isTrue();
    assertThat(stranger.isReady()).isFalse();
    Optional<CoreHealth> full = Optional.of(new CoreHealth(false, false, Optional.empty()));
    NodeHealth noSpace = Checkup.of(new NodeCondition.Working(), full);
    assertThat(kinds(noSpace)).containsExactly(Kind.NO_SPACE);
    assertThat(noSpace.isReady()).as("it answers reads and votes").isTrue();
    Optional<CoreHealth> bad = Optional.of(new CoreHealth(false, true, Optional.of("nobody")));
    NodeHealth worse = Checkup.of(new NodeCondition.Working(), bad);
    assertThat(kinds(worse)).containsExactly(Kind.NO_LEADER, Kind.DISK_STALLED, Kind.NO_SPACE);
    assertThat(worse.isReady()).isFalse();
    assertThat(worse.isLive()).isTrue();
    NodeCondition waits = new NodeCondition.Forming(List.of(NodeId.of("n3")), "two lists");
    assertThat(Checkup.of(waits, Optional.empty()).findings())
        .containsExactly(
            new NodeHealth.Finding(
                Kind.FORMING, "the cluster is not formed yet: no answer from [n3]; two lists"));
  }

  @Test
  void aLeaderStepsDownForAnotherAndTheNewOneForTheBest() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      until(
          "a leader to step down for another",
          () -> {
            RaftNode old = cluster.leader();
            return leaderAfter(old.stepDown(Duration.ofSeconds(30)).join())
                .filter(next -> !next.equals(old.id()))
                .isPresent();
          });
      until(
          "a leader to hand over to the best",
          () ->
              leaderAfter(cluster.leader().transferLeadership(Duration.ofSeconds(30)).join())
                  .isPresent());
      cluster.node(1).submitOrThrow(bytes("a"));
    }
  }

  private static Optional<NodeId> leaderAfter(TransferOutcome outcome) {
    return outcome instanceof TransferOutcome.Transferred transferred
        ? Optional.of(transferred.leader())
        : Optional.empty();
  }
}
