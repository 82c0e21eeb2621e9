package dev.quorate.examples.nodes;

import static dev.quorate.examples.nodes.RealNodes.PATIENCE;
import static dev.quorate.examples.nodes.RealNodes.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.MemberStatus.Standing;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every change of members, over real sockets and with real files. */
@Timeout(180)
class MembersTest {

  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N3 = NodeId.of("n3");
  private static final NodeId N4 = NodeId.of("n4");

  @TempDir private Path directory;

  private static Membership changed(CompletableFuture<MembershipOutcome> end) {
    MembershipOutcome outcome = end.join();
    assertThat(outcome).isInstanceOf(MembershipOutcome.Changed.class);
    return ((MembershipOutcome.Changed) outcome).membership();
  }

  private static Reason refused(CompletableFuture<MembershipOutcome> end) {
    MembershipOutcome outcome = end.join();
    assertThat(outcome).isInstanceOf(MembershipOutcome.Refused.class);
    return ((MembershipOutcome.Refused) outcome).reason();
  }

  private static Optional<Standing> standing(Membership membership, NodeId node) {
    return membership.members().stream()
        .filter(member -> member.node().equals(node))
        .map(MemberStatus::standing)
        .findFirst();
  }

  @Test
  void aLearnerIsPromotedDemotedAndRemoved() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2")) {
      nodes.found(Settings.empty(), "n1");
      RaftNode n1 = nodes.node("n1");
      n1.submitOrThrow(KeyValueStore.put("a", "text"));
      RaftNode n2 = nodes.start("n2", Settings.empty());

      Membership learning = changed(n1.membership().addLearner(N2, PATIENCE));
      assertThat(standing(learning, N2)).contains(Standing.LEARNER);
      assertThat(n1.status().voters()).doesNotContain(N2);
      assertThat(RealNodes.length(n2, "a")).as("read at the learner").isEqualTo(4);
      assertThat(refused(n1.membership().addLearner(N2, PATIENCE)))
          .isIn(Reason.ALREADY_A_MEMBER, Reason.ROLE_IS_THE_SAME);

      Membership voting = changed(n2.membership().promote(N2, PATIENCE));
      assertThat(standing(voting, N2)).contains(Standing.VOTER);
      assertThat(voting.version()).isGreaterThan(learning.version());

      // Two operators who saw the same members: the second is told, and nothing is changed.
      assertThat(
              refused(
                  n1.membership().changeIf(learning.version(), List.of(new Promote(N2)), PATIENCE)))
          .isEqualTo(Reason.OTHER_VERSION);
      Membership demoted =
          changed(n1.membership().changeIf(voting.version(), List.of(new Demote(N2)), PATIENCE));
      assertThat(standing(demoted, N2)).contains(Standing.LEARNER);
      assertThat(refused(n1.membership().demote(NodeId.of("n1"), PATIENCE)))
          .isEqualTo(Reason.NO_VOTER_LEFT);

      changed(n1.membership().remove(N2, PATIENCE));
      until(
          "who was removed to be told",
          () -> n2.status().condition() instanceof NodeCondition.NotAMember);
      assertThat(n2.health().isReady()).isFalse();
    }
  }

  @Test
  void aNodeTakesThePlaceOfAnotherThatIsGone() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3", "n4")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      nodes.leader().submitOrThrow(KeyValueStore.put("a", "text"));
      nodes.stop("n3");
      RaftNode n4 = nodes.start("n4", Settings.empty());

      Membership replaced = changed(nodes.node("n2").membership().replace(N3, N4, PATIENCE));

      assertThat(standing(replaced, N4)).contains(Standing.VOTER);
      assertThat(standing(replaced, N3)).isEmpty();
      nodes.stop("n2");
      until("a quorum of the first and the newcomer", () -> nodes.findLeader().isPresent());
      assertThat(RealNodes.length(n4, "a")).isEqualTo(4);
    }
  }

  /** It hands over first, so that nobody has to miss it. */
  @Test
  void aLeaderThatRemovesItselfHandsOver() throws IOException {
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(Settings.empty(), "n1", "n2", "n3");
      RaftNode leader = nodes.leader();

      changed(leader.membership().remove(leader.id(), PATIENCE));

      until("another leader", () -> nodes.findLeader().filter(now -> now != leader).isPresent());
      until(
          "who was removed to be told",
          () -> leader.status().condition() instanceof NodeCondition.NotAMember);
      assertThat(leader.status().role()).isNotEqualTo(Role.LEADER);
      nodes.leader().submitOrThrow(KeyValueStore.put("a", "text"));
      assertThat(nodes.leader().status().voters()).hasSize(2).doesNotContain(leader.id());
    }
  }

  /** The newcomer is gone before it has the log: until that is given up nothing else is changed. */
  @Test
  void aChangeThatCannotEndIsGivenUp() throws IOException {
    Settings slow =
        Settings.empty()
            .with("raft.snapshot.tail-entries", "0")
            .with("raft.snapshot.max-bytes-per-second", "64KiB");
    try (RealNodes nodes = new RealNodes(directory, "n1", "n2", "n3")) {
      nodes.found(slow, "n1");
      RaftNode n1 = nodes.node("n1");
      nodes.fill(n1, 4, 256 << 10);
      nodes.start("n2", slow);
      nodes.start("n3", slow);
      until("two that wait", () -> n1.status().membership().waiting().size() == 2);
      CompletableFuture<MembershipOutcome> adding = n1.membership().addMember(N2, PATIENCE);
      until("the change", () -> phase(n1) == Membership.Phase.CATCHING_UP);
      nodes.stop("n2");

      assertThat(refused(n1.membership().addMember(N3, Duration.ofSeconds(5))))
          .isEqualTo(Reason.CHANGE_UNDER_WAY);
      n1.submitOrThrow(KeyValueStore.put("b", "text"));

      Membership after = changed(n1.membership().cancel(PATIENCE));
      assertThat(refused(adding)).isEqualTo(Reason.CANCELLED);
      assertThat(after.phase()).isEqualTo(Membership.Phase.STEADY);
      assertThat(standing(after, N2)).contains(Standing.LEARNER);
      assertThat(n1.status().voters()).containsExactly(n1.id());
    }
  }

  private static Membership.Phase phase(RaftNode node) {
    return node.status().membership().phase();
  }
}
