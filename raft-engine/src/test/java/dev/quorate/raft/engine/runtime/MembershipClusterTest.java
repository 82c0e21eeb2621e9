package dev.quorate.raft.engine.runtime;

import static dev.quorate.raft.engine.runtime.Register.bytes;
import static dev.quorate.raft.engine.runtime.Register.text;
import static dev.quorate.raft.engine.runtime.TestCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.MemberStatus.Standing;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.MembershipOutcome.Changed;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.MembershipOutcome.Refused;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of membership on whole nodes with real threads. */
@Timeout(60)
class MembershipClusterTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N3 = NodeId.of("n3");
  private static final NodeId N4 = NodeId.of("n4");

  private static SortedMap<String, Standing> standings(Membership membership) {
    SortedMap<String, Standing> all = new TreeMap<>();
    for (MemberStatus member : membership.members()) {
      all.put(member.node().value(), member.standing());
    }
    return all;
  }

  private static Membership changed(MembershipOutcome outcome) {
    assertThat(outcome).isInstanceOf(Changed.class);
    return ((Changed) outcome).membership();
  }

  private static Reason refused(MembershipOutcome outcome) {
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).reason();
  }

  private static void untilServes(RaftNode node, String words) {
    until("all words at " + node.id(), () -> words(node).equals(words));
  }

  private static String words(RaftNode node) {
    return node.read(bytes("")).join() instanceof dev.quorate.raft.api.ReadOutcome.Answered answered
        ? text(answered.value())
        : "";
  }

  @Test
  void aNodeThatJoinsWaitsAndIsMadeAVoterThatServes() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.leader().submitOrThrow(bytes("a"));
      RaftNode joiner = cluster.join(4, 1);
      assertThat(joiner.status().condition()).isInstanceOf(NodeCondition.NotAMember.class);
      Membership after = changed(cluster.follower().membership().addMember(N4, LONG).join());
      assertThat(standings(after)).hasSize(4).containsEntry("n4", Standing.VOTER);
      until("a working joiner", () -> joiner.status().condition() instanceof NodeCondition.Working);
      joiner.submitOrThrow(bytes("b"));
      untilServes(joiner, "a b ");
      until(
          "the joiner knowing itself",
          () -> joiner.membership().current().members().equals(after.members()));
      assertThat(joiner.status().role()).isEqualTo(Role.FOLLOWER);
    }
  }

  @Test
  @Tag("pitfall-31")
  void theGroupSurvivesTheFoundersWhenOthersTookTheirPlaces() {
    try (TestCluster cluster = new TestCluster(1).startAll()) {
      cluster.leader().submitOrThrow(bytes("a"));
      cluster.join(2, 1);
      cluster.join(3, 1);
      Membership grown =
          changed(
              cluster
                  .node(1)
                  .membership()
                  .change(
                      List.of(
                          new MembershipChange.AddMember(NodeId.of("n2")),
                          new MembershipChange.AddMember(N3)),
                      LONG)
                  .join());
      assertThat(standings(grown)).hasSize(3);
      assertThat(changed(cluster.node(2).membership().remove(N1, LONG).join()).members())
          .hasSize(2);
      until(
          "the founder told",
          () -> cluster.node(1).status().condition() instanceof NodeCondition.NotAMember);
      assertThat(cluster.node(1).submit(bytes("x"), LONG).join())
          .isInstanceOf(Outcome.Rejected.class);
      cluster.node(1).close();
      cluster.node(3).submitOrThrow(bytes("b"));
      untilServes(cluster.node(2), "a b ");
    }
  }

  @Test
  void aWipedNodeIsReadmittedByOneCommand() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.leader().submitOrThrow(bytes("a"));
      RaftNode lost = cluster.follower();
      int number = Integer.parseInt(lost.id().value().substring(1));
      lost.close();
      cluster.disk(number).wipe();
      RaftNode back = cluster.start(number);
      until(
          "a node that waits", () -> back.status().condition() instanceof NodeCondition.NotAMember);
      Membership after = changed(cluster.leader().membership().readmit(lost.id(), LONG).join());
      assertThat(standings(after)).hasSize(3).containsEntry(lost.id().value(), Standing.VOTER);
      untilServes(back, "a ");
      cluster.node(number == 1 ? 2 : 1).close();
      back.submitOrThrow(bytes("b"));
      untilServes(back, "a b ");
    }
  }

  @Test
  void aNodeThatStartsAgainWhileItCatchesUpGoesOn() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      cluster.leader().submitOrThrow(bytes("a"));
      cluster.join(4, 2);
      changed(cluster.leader().membership().addLearner(N4, LONG).join());
      cluster.node(4).close();
      cluster.leader().submitOrThrow(bytes("b"));
      RaftNode again = cluster.join(4, 2);
      untilServes(again, "a b ");
      assertThat(again.status().role()).isEqualTo(Role.LEARNER);
      changed(again.membership().promote(N4, LONG).join());
      until("a vote", () -> again.status().role() != Role.LEARNER);
    }
  }

  @Test
  void aLeaderThatRemovesItselfHasASuccessor() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode leader = cluster.leader();
      changed(leader.membership().remove(leader.id(), LONG).join());
      until(
          "the old leader gone",
          () -> leader.status().condition() instanceof NodeCondition.NotAMember);
      until(
          "another leader",
          () -> cluster.leader() != leader && cluster.leader().status().voters().size() == 2);
      cluster.leader().submitOrThrow(bytes("a"));
    }
  }

  @Test
  void theVersionDecidesBetweenTwoWhoWantToChange() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode leader = cluster.leader();
      long version = leader.membership().current().version();
      NodeId other = cluster.follower().id();
      List<MembershipChange> wishes = List.of(new MembershipChange.Demote(other));
      Membership after = changed(leader.membership().changeIf(version, wishes, LONG).join());
      assertThat(after.version()).isGreaterThan(version);
      assertThat(
              refused(
                  cluster
                      .follower()
                      .membership()
                      .changeIf(version, List.of(new MembershipChange.Promote(other)), LONG)
                      .join()))
          .isEqualTo(Reason.OTHER_VERSION);
      assertThat(standings(leader.membership().current()))
          .containsEntry(other.value(), Standing.LEARNER);
    }
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() {
    try (TestCluster cluster = new TestCluster(2).startAll()) {
      RaftNode node = cluster.follower();
      assertThat(refused(node.membership().remove(N4, LONG).join()))
          .isEqualTo(Reason.UNKNOWN_MEMBER);
      assertThat(refused(node.membership().promote(N1, LONG).join()))
          .isEqualTo(Reason.ROLE_IS_THE_SAME);
      // On a busy machine the leader's word may come too late for so short a time.
      until(
          "a refusal to add a node that does not wait",
          () ->
              node.membership().addMember(N4, SHORT).join() instanceof Refused refused
                  && refused.reason() == Reason.NOT_WAITING);
      assertThat(refused(node.membership().cancel(LONG).join()))
          .isEqualTo(Reason.NOTHING_TO_CHANGE);
      assertThatThrownBy(() -> node.membership().change(List.of(), LONG))
          .isInstanceOf(IllegalArgumentException.class);
      node.close();
      assertThat(refused(node.membership().remove(N1, LONG).join())).isEqualTo(Reason.NOT_SERVING);
    }
  }

  @Test
  void anAddressIsReplicatedData() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      Address elsewhere = new Address("elsewhere", 7_009);
      changed(cluster.follower().membership().updateAddress(N3, elsewhere, LONG).join());
      for (int number = 1; number <= 3; number++) {
        RaftNode node = cluster.node(number);
        until(
            "the address at " + node.id(),
            () ->
                node.membership().current().members().stream()
                    .anyMatch(member -> member.address().equals(elsewhere)));
      }
    }
  }

  @Test
  void aChangeWithoutAQuorumIsUnknownAndIsSeenToGoOnLater() {
    try (TestCluster cluster = new TestCluster(3).startAll()) {
      RaftNode leader = cluster.leader();
      cluster.leader().submitOrThrow(bytes("a"));
      NodeId other = cluster.follower().id();
      for (int number = 1; number <= 3; number++) {
        NodeId id = NodeId.of("n" + number);
        if (!id.equals(leader.id())) {
          cluster.network.cutOff(id);
        }
      }
      assertThat(leader.membership().demote(other, SHORT).join())
          .isInstanceOf(MembershipOutcome.Unknown.class);
      for (int number = 1; number <= 3; number++) {
        cluster.network.heal(NodeId.of("n" + number));
      }
      until(
          "an end",
          () ->
              cluster.leader().membership().current().phase() == Membership.Phase.STEADY
                  && cluster.leader().membership().current().committed());
      cluster.leader().submitOrThrow(bytes("b"));
    }
  }

  @Test
  void whoWaitsIsShown() {
    try (TestCluster cluster = new TestCluster(1).startAll()) {
      cluster.leader();
      cluster.join(4, 1);
      until(
          "the node that waits",
          () ->
              cluster.node(1).membership().current().waiting().stream()
                  .anyMatch(
                      member -> member.node().equals(N4) && member.standing() == Standing.WAITING));
    }
  }
}
