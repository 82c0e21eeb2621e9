package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.SETTINGS;
import static dev.quorate.raft.engine.core.CoreDriver.configuration;
import static dev.quorate.raft.engine.core.CoreDriver.configurationEntry;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.member;
import static dev.quorate.raft.engine.core.CoreDriver.members;
import static dev.quorate.raft.engine.core.CoreDriver.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipChange.AddMember;
import dev.quorate.raft.api.MembershipChange.Cancel;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipChange.Remove;
import dev.quorate.raft.api.MembershipChange.Replace;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.MembershipOutcome.Changed;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.MembershipOutcome.Refused;
import dev.quorate.raft.api.MembershipOutcome.Unknown;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.membership.JointConsensus;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.ChangeRefused;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.ForwardChange;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a leader does about changes of membership, rules P7 and P18. */
class ReconfigurationTest {

  private static final ChangeId ID = new ChangeId(5, 6);
  private static final MembershipChange ADD_4 = new AddMember(NodeId.of("n4"));

  /** A node with an empty disk asks to be let in. */
  private static void waits(CoreDriver n1, String id) {
    int number = Integer.parseInt(id.substring(1));
    n1.deliver(id, new FormationProbe(List.of(), new Address("host" + number, 7_000 + number)));
  }

  private static List<String> voters(CoreDriver node) {
    return ids(node.view().configuration().voters());
  }

  private static List<String> ids(List<Member> members) {
    return members.stream().map(member -> member.id().value()).toList();
  }

  private static Configuration effective(CoreDriver node) {
    return node.view().configuration();
  }

  /** Everybody of the named acknowledges everything, again and again until nothing is new. */
  private static void settle(CoreDriver n1, String... ids) {
    for (int i = 0; i < 6; i++) {
      n1.persist();
      Arrays.stream(ids)
          .filter(id -> n1.view().peers().stream().anyMatch(p -> p.node().value().equals(id)))
          .forEach(id -> n1.accept(id, n1.view().lastIndex()));
    }
  }

  private static Reason reason(MembershipOutcome outcome) {
    return ((Refused) outcome).reason();
  }

  @Test
  void aMemberIsAddedAsALearnerCatchesUpAndIsPromoted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    waits(n1, "n4");
    n1.change(1, ADD_4);
    assertThat(ids(effective(n1).learners())).containsExactly("n4");
    assertThat(effective(n1).goal()).isPresent();
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3");
    n1.persist();
    n1.accept("n2", 3);
    assertThat(effective(n1).isJoint()).as("n4 is behind").isFalse();
    n1.accept("n4", 3);
    assertThat(effective(n1).isJoint()).isTrue();
    assertThat(n1.takeCompletions()).isEmpty();
    settle(n1, "n2", "n3", "n4");
    assertThat(effective(n1).isChanging()).isFalse();
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3", "n4");
    Changed changed = (Changed) n1.takeChange(1);
    assertThat(changed.membership().version()).isEqualTo(5);
    assertThat(changed.membership().committed()).isTrue();
    assertThat(changed.membership().members()).hasSize(4);
  }

  @Test
  @Tag("pitfall-30")
  void aConfigurationIsInEffectAsSoonAsItIsAppended() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    assertThat(effective(n1).isJoint()).isTrue();
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    assertThat(n1.unforced()).isNotEmpty();
  }

  @Test
  @Tag("pitfall-27")
  void theNewVotersAloneDecideOnlyAfterTheJointConfigurationIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(5).leadAll();
    n1.change(1, new Remove(NodeId.of("n4")), new Remove(NodeId.of("n5")));
    n1.persist();
    n1.accept("n2", 3);
    assertThat(n1.view().commitIndex()).as("two of the five are no majority").isEqualTo(2);
    assertThat(effective(n1).isJoint()).isTrue();
    n1.accept("n4", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(3);
    assertThat(effective(n1).isJoint()).isFalse();
    n1.persist();
    n1.accept("n3", 4);
    assertThat(n1.takeChange(1)).isInstanceOf(Changed.class);
  }

  @Test
  void whoLeavesIsSentTheLogUntilItIsCommittedThatItLeft() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    n1.persist();
    n1.accept("n3", 3);
    n1.accept("n2", 3);
    assertThat(effective(n1).isJoint()).isFalse();
    assertThat(n1.take("n3", AppendRequest.class)).isNotEmpty();
    assertThat(n1.take("n3", MembershipNotice.class)).isEmpty();
    n1.persist();
    n1.accept("n2", 4);
    MembershipNotice notice = n1.takeOne("n3", MembershipNotice.class);
    assertThat(notice.index()).isEqualTo(4);
    assertThat(notice.boot()).isEqualTo(peer("n3").boot());
    n1.forgetSent();
    n1.beat();
    assertThat(n1.take("n3", Heartbeat.class)).isEmpty();
    assertThat(n1.take("n2", Heartbeat.class)).isNotEmpty();
  }

  @Test
  @Tag("pitfall-31")
  void whoIsRemovedIsCountedNoMore() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    settle(n1, "n2", "n3");
    n1.takeCompletions();
    n1.command(2);
    n1.persist();
    n1.accept("n3", n1.view().lastIndex());
    assertThat(n1.view().commitIndex()).isLessThan(n1.view().lastIndex());
    n1.accept("n2", n1.view().lastIndex());
    assertThat(n1.view().commitIndex()).isEqualTo(n1.view().lastIndex());
  }

  @Test
  void changesComeOneAtATime() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    n1.change(2, new Demote(NodeId.of("n2")));
    assertThat(reason(n1.takeChange(2))).isEqualTo(Reason.CHANGE_UNDER_WAY);
    settle(n1, "n2", "n3");
    assertThat(n1.takeChange(1)).isInstanceOf(Changed.class);
    n1.change(3, new Demote(NodeId.of("n2")));
    settle(n1, "n2");
    assertThat(n1.takeChange(3)).isInstanceOf(Changed.class);
  }

  @Test
  void alsoAChangeOfLearnersKeepsOthersOutUntilItIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    waits(n1, "n4");
    n1.change(1, new AddLearner(NodeId.of("n4")));
    n1.change(2, new Remove(NodeId.of("n3")));
    assertThat(reason(n1.takeChange(2))).isEqualTo(Reason.CHANGE_UNDER_WAY);
  }

  @Test
  @Tag("pitfall-26")
  void nothingIsChangedBeforeTheLeaderHasCommittedInItsTerm() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.change(1, new Remove(NodeId.of("n3")));
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    assertThat(n1.takeCompletions()).isEmpty();
    n1.accept("n2", 2);
    assertThat(effective(n1).isJoint()).isTrue();
  }

  @Test
  void aChangeIfTheVersionIsAnotherIsRefused() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.changeIf(1, 9, new Remove(NodeId.of("n3")));
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.OTHER_VERSION);
    n1.changeIf(2, 1, new Remove(NodeId.of("n3")));
    settle(n1, "n2", "n3");
    assertThat(n1.takeChange(2)).isInstanceOf(Changed.class);
    n1.changeIf(3, 1, new Demote(NodeId.of("n2")));
    assertThat(reason(n1.takeChange(3))).isEqualTo(Reason.OTHER_VERSION);
  }

  @Test
  @Tag("pitfall-30")
  void aNewLeaderFinishesAJointConfiguration() {
    Configuration joint =
        new Configuration(new ClusterId(1, 2), members(1, 3), members(1, 4), List.of());
    CoreDriver n1 = CoreDriver.recovered(joint, SETTINGS, HardState.INITIAL).lead();
    assertThat(effective(n1).isJoint()).isTrue();
    settle(n1, "n2", "n3", "n4");
    assertThat(effective(n1).isChanging()).isFalse();
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3");
  }

  @Test
  void aNewLeaderReachesTheGoalOfItsPredecessor() {
    Configuration before =
        new Configuration(new ClusterId(1, 2), members(1, 3), List.of(), List.of());
    Configuration withGoal =
        JointConsensus.begin(before, new Goal(members(1, 4), List.of()), new ChangeId(5, 6));
    CoreDriver n1 = CoreDriver.recovered(withGoal, SETTINGS, HardState.INITIAL).lead();
    settle(n1, "n2", "n3", "n4");
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3", "n4");
    assertThat(effective(n1).change()).isEqualTo(new ChangeId(5, 6));
  }

  @Test
  void aRoundThatTakesLongerThanAnElectionTimeoutIsNotTheLast() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    waits(n1, "n4");
    n1.change(1, ADD_4);
    n1.persist();
    n1.accept("n2", 3);
    for (int i = 0; i < 8; i++) {
      n1.beat();
      n1.accept("n2", n1.view().lastIndex());
      n1.accept("n3", n1.view().lastIndex());
    }
    n1.command(2);
    n1.persist();
    n1.accept("n2", 4);
    n1.accept("n4", 3);
    assertThat(effective(n1).isJoint()).isFalse();
    assertThat(n1.view().membership().catchUps())
        .singleElement()
        .satisfies(
            progress -> {
              assertThat(progress.node()).isEqualTo(NodeId.of("n4"));
              assertThat(progress.round()).isEqualTo(2);
              assertThat(progress.matchIndex()).isEqualTo(3);
              assertThat(progress.targetIndex()).isEqualTo(4);
            });
    n1.accept("n4", 4);
    assertThat(effective(n1).isJoint()).isTrue();
    assertThat(n1.view().membership().catchUps()).isEmpty();
  }

  @Test
  void aLearnerThatIsToBePromotedCommitsNothing() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    waits(n1, "n4");
    n1.change(1, ADD_4);
    n1.persist();
    n1.accept("n4", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    assertThat(effective(n1).isJoint()).isFalse();
  }

  @Test
  void aChangeWhoseNewcomerDoesNotCatchUpCanBeGivenUp() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    waits(n1, "n4");
    n1.change(1, ADD_4);
    n1.change(2, new Cancel());
    settle(n1, "n2");
    assertThat(n1.takeChange(2)).isInstanceOf(Changed.class);
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.CANCELLED);
    assertThat(ids(effective(n1).learners())).containsExactly("n4");
    settle(n1, "n2", "n3", "n4");
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3");
  }

  @Test
  void aChangeWaitsForItsNewcomerToShowUp() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, ADD_4);
    assertThat(n1.takeCompletions()).isEmpty();
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    waits(n1, "n4");
    assertThat(effective(n1).goal()).isPresent();
  }

  @Test
  void whatTheNewcomerLacksIsSaidAtTheDeadline() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, ADD_4);
    n1.turn((core, now, out) -> core.onChangeDeadline(1, now, out));
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.NOT_WAITING);
    waits(n1, "n4");
    assertThat(effective(n1).goal()).as("it was taken back").isEmpty();
  }

  @Test
  void aChangeThatIsNotCompleteAtItsDeadlineIsUnknownAndGoesOn() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    n1.turn((core, now, out) -> core.onChangeDeadline(1, now, out));
    assertThat(n1.takeChange(1)).isInstanceOf(Unknown.class);
    settle(n1, "n2", "n3");
    assertThat(voters(n1)).containsExactly("n1", "n2");
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  @Tag("pitfall-32")
  void aWipedVoterComesBackUnderItsNewDiskAndTheOldOneIsNeverCountedAgain() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    Peer wiped = new Peer(NodeId.of("n3"), 903, 77);
    n1.deliver(wiped, new FormationProbe(List.of(), new Address("host3", 7_003)));
    n1.change(1, Replace.disk(NodeId.of("n3")));
    n1.persist();
    n1.accept("n2", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(3);
    assertThat(ids(effective(n1).voters())).containsExactly("n1", "n2", "n3");
    n1.deliver(
        wiped,
        new dev.quorate.raft.engine.message.Message.AppendAccepted(
            n1.view().term(), 3, false, true));
    Configuration joint = effective(n1);
    assertThat(joint.isJoint()).isTrue();
    assertThat(joint.voters().get(2).incarnation()).isEqualTo(903);
    assertThat(joint.outgoing().get(2).incarnation()).isEqualTo(103);
    n1.persist();
    n1.accept("n3", 4);
    assertThat(n1.view().commitIndex()).as("the old disk is half of it").isEqualTo(3);
    n1.deliver(
        wiped,
        new dev.quorate.raft.engine.message.Message.AppendAccepted(
            n1.view().term(), 4, false, true));
    n1.accept("n2", 4);
    assertThat(effective(n1).isChanging()).isFalse();
    assertThat(effective(n1).removed()).containsExactly(peer("n3").key());
    n1.accept("n3", 2);
    assertThat(n1.view().wiped()).as("a late message of the old disk says nothing").isEmpty();
  }

  /** Seed 190 of the simulations: followers do not speak to each other. */
  @Test
  void whoWasLetInWithAnotherDiskIsNotTakenForWipedUntilItIsHeard() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver(
        new Peer(NodeId.of("n3"), 903, 77),
        new FormationProbe(List.of(), new Address("host3", 7_003)));
    assertThat(n1.view().wiped()).containsExactly(NodeId.of("n3"));
    Member back = new Member(NodeId.of("n3"), 903, new Address("host3", 7_003));
    Configuration after =
        Configuration.ofVoters(new ClusterId(1, 2), List.of(member(1), member(2), back));
    n1.append("n2", 1, 1, 0, 1, configurationEntry(2, 1, after));
    assertThat(n1.view().wiped()).isEmpty();
  }

  @Test
  @Tag("pitfall-29")
  void aLeaderThatRemovesItselfHandsOverWhenThatIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n1")));
    n1.persist();
    n1.accept("n2", 3);
    assertThat(effective(n1).isJoint()).isTrue();
    n1.accept("n3", 3);
    assertThat(voters(n1)).containsExactly("n2", "n3");
    n1.persist();
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
    n1.accept("n2", 4);
    assertThat(n1.view().commitIndex()).as("it does not count itself").isEqualTo(3);
    n1.accept("n3", 4);
    assertThat(n1.view().commitIndex()).isEqualTo(4);
    assertThat(n1.takeChange(1)).isInstanceOf(Changed.class);
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.take("n2", TimeoutNow.class).size() + n1.take("n3", TimeoutNow.class).size())
        .isEqualTo(1);
  }

  @Test
  @Tag("pitfall-29")
  void aRemovedLeaderWhoseHeirDoesNotComeStepsDownAllTheSame() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Demote(NodeId.of("n1")));
    settle(n1, "n2", "n3");
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    for (int i = 0; i < 13; i++) {
      n1.beat();
      n1.accept("n2", n1.view().lastIndex());
      n1.accept("n3", n1.view().lastIndex());
    }
    assertThat(n1.view().role()).isEqualTo(Role.LEARNER);
    n1.timeOut();
    assertThat(n1.view().role()).as("it does not stand").isEqualTo(Role.LEARNER);
  }

  /** Nobody else has that configuration, and nobody with a shorter log gets this node's vote. */
  @Test
  void whoAppendedTheConfigurationWithoutItselfStandsUntilThatIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n1")));
    n1.persist();
    n1.accept("n2", 3);
    n1.accept("n3", 3);
    assertThat(voters(n1)).containsExactly("n2", "n3");
    n1.persist();
    long term = n1.view().term();
    n1.deliver("n2", new VoteRequest(term + 1, false, true, 3, term));
    n1.persist();
    assertThat(n1.view().term()).isEqualTo(term + 1);
    n1.timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(n1.take("n3", VoteRequest.class)).isNotEmpty();
  }

  /** It was no founder, and forgot in the restart that what made it a voter is committed. */
  @Test
  void whoAppendedTheConfigurationWithoutItselfStandsAfterARestartToo() {
    Configuration founders = Configuration.ofVoters(new ClusterId(1, 2), members(2, 3));
    Configuration all = configuration(3);
    Configuration joint =
        JointConsensus.begin(all, new Goal(members(2, 3), List.of()), new ChangeId(5, 1));
    CoreDriver n1 =
        CoreDriver.recovered(
            founders,
            CoreDriver.SETTINGS,
            HardState.withoutVote(1),
            configurationEntry(2, 1, all),
            configurationEntry(3, 1, joint),
            configurationEntry(4, 1, JointConsensus.leave(joint)));
    assertThat(voters(n1)).containsExactly("n2", "n3");
    n1.timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(n1.take("n3", VoteRequest.class)).isNotEmpty();
  }

  @Test
  void aFollowerHandsAChangeToItsLeaderOnceAndReadsItsEndFromTheLog() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2);
    n1.change(1, new Remove(NodeId.of("n3")));
    ForwardChange forward = n1.takeOne("n2", ForwardChange.class);
    assertThat(forward.term()).isEqualTo(2);
    assertThat(forward.targetBoot()).isEqualTo(peer("n2").boot());
    ChangeId id = new ChangeId(n1.self().boot(), 1);
    Configuration joint =
        JointConsensus.begin(configuration(3), new Goal(members(1, 2), List.of()), id);
    n1.append("n2", 2, 1, 0, 1, configurationEntry(2, 2, joint));
    n1.persist();
    n1.append("n2", 2, 2, 2, 2, configurationEntry(3, 2, JointConsensus.leave(joint)));
    n1.persist();
    assertThat(n1.takeCompletions()).isEmpty();
    n1.heartbeat("n2", 2, 3, 3, 5);
    assertThat(((Changed) n1.takeChange(1)).membership().version()).isEqualTo(3);
    assertThat(n1.take("n2", ForwardChange.class)).isEmpty();
  }

  @Test
  void aForwardedChangeIsTakenOnceAndItsRefusalComesBack() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    List<MembershipChange> wishes = List.of(new Promote(NodeId.of("n9")));
    ForwardChange forward =
        new ForwardChange(n1.view().term(), n1.self().boot(), 7, 0, 1_000, wishes);
    n1.deliver("n2", forward);
    ChangeRefused refused = n1.takeOne("n2", ChangeRefused.class);
    assertThat(refused.number()).isEqualTo(7);
    assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_MEMBER);
    n1.deliver("n2", forward);
    assertThat(n1.take("n2", ChangeRefused.class)).isEmpty();
    n1.deliver("n2", new ForwardChange(n1.view().term() - 1, n1.self().boot(), 8, 0, 1, wishes));
    n1.deliver("n2", new ForwardChange(n1.view().term(), 999, 9, 0, 1, wishes));
    assertThat(n1.take("n2", ChangeRefused.class)).isEmpty();
  }

  @Test
  void aForwardedChangeThatWaitsForItsNewcomerIsRefusedWhenItsOriginGivesUp() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.deliver(
        "n2", new ForwardChange(n1.view().term(), n1.self().boot(), 7, 0, 40, List.of(ADD_4)));
    assertThat(n1.take("n2", ChangeRefused.class)).isEmpty();
    assertThat(n1.nextWakeUp()).isLessThanOrEqualTo(n1.now().nanos() + 40 * MILLI);
    n1.wakeAfter(41);
    assertThat(n1.takeOne("n2", ChangeRefused.class).reason()).isEqualTo(Reason.NOT_WAITING);
  }

  @Test
  void aRefusalByTheLeaderEndsTheCall() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2);
    n1.change(1, new Remove(NodeId.of("n3")));
    n1.deliver("n2", new ChangeRefused(n1.self().boot(), 1, Reason.CHANGE_UNDER_WAY, "busy"));
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.CHANGE_UNDER_WAY);
  }

  @Test
  void aChangeThatAnotherLeaderHasNotHeardOfIsSuperseded() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 2);
    n1.change(1, new Remove(NodeId.of("n3")));
    n1.append("n3", 3, 1, 0, 1, entries(2, 2, 3));
    n1.persist();
    assertThat(n1.takeCompletions()).isEmpty();
    n1.heartbeat("n3", 3, 2, 2, 5);
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.SUPERSEDED);
  }

  @Test
  void aChangeWaitsForALeaderAndIsHandedToThatOne() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.change(1, new Remove(NodeId.of("n3")));
    assertThat(n1.sent()).isEmpty();
    n1.heartbeat("n2", 2, 1, 0, 1);
    assertThat(n1.take("n2", ForwardChange.class)).hasSize(1);
    n1.turn((core, now, out) -> core.onChangeDeadline(1, now, out));
    assertThat(n1.takeChange(1)).isInstanceOf(Unknown.class);
  }

  @Test
  void aChangeThatALeaderNeverBeganGoesToTheNextOne() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, ADD_4);
    n1.heartbeat("n3", n1.view().term() + 1, 1, 0, 1);
    assertThat(n1.take("n3", ForwardChange.class)).hasSize(1);
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  @Tag("pitfall-28")
  void aTruncatedConfigurationIsNoLongerInEffect() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.change(1, new Remove(NodeId.of("n3")));
    assertThat(effective(n1).isJoint()).isTrue();
    long term = n1.view().term() + 1;
    n1.append("n3", term, 2, term - 1, 2, entries(3, 3, term));
    assertThat(effective(n1).isJoint()).isFalse();
    assertThat(voters(n1)).containsExactly("n1", "n2", "n3");
    n1.persist();
    n1.heartbeat("n3", term, 3, 3, 5);
    assertThat(reason(n1.takeChange(1))).isEqualTo(Reason.SUPERSEDED);
  }

  @Test
  void whoWasLetInAndHasAnOldLogDoesNotTakeItselfForRemoved() {
    Configuration old = new Configuration(new ClusterId(1, 2), members(2, 3), List.of(), List.of());
    CoreDriver n1 = CoreDriver.recovered(old, SETTINGS, HardState.INITIAL);
    n1.timeOut();
    assertThat(n1.view().membership().removed()).isEmpty();
    Configuration later = JointConsensus.begin(old, new Goal(members(2, 3), members(5, 5)), ID);
    n1.deliver("n2", new MembershipNotice(n1.self().boot(), 50, later));
    assertThat(n1.view().membership().removed()).as("from before it was let in").isEmpty();
    Configuration with = JointConsensus.begin(later, new Goal(members(2, 3), members(1, 1)), ID);
    Configuration without = JointConsensus.begin(with, new Goal(members(2, 3), List.of()), ID);
    n1.deliver("n2", new MembershipNotice(n1.self().boot() - 1, 90, without));
    assertThat(n1.view().membership().removed()).as("to another boot").isEmpty();
    n1.deliver("n2", new MembershipNotice(n1.self().boot(), 90, without));
    Optional<String> removed = n1.view().membership().removed();
    assertThat(removed).isPresent();
    n1.deliver("n3", new MembershipNotice(n1.self().boot(), 90, without));
    assertThat(n1.view().membership().removed()).as("told once more").isEqualTo(removed);
    n1.heartbeat("n3", 1, 1, 0, 1);
    assertThat(n1.view().membership().removed()).as("a leader speaks to members").isEmpty();
  }

  @Test
  @Tag("pitfall-3")
  void whoWasRemovedIsToldByWhoeverHearsOfIt() {
    CoreDriver n1 = CoreDriver.voters(3);
    Configuration without =
        JointConsensus.leave(
            JointConsensus.begin(configuration(3), new Goal(members(2, 3), List.of()), ID));
    n1.deliver("n2", new MembershipNotice(n1.self().boot(), 1, without));
    assertThat(n1.view().membership().removed()).as("no newer than its own").isEmpty();
    n1.deliver("n2", new MembershipNotice(n1.self().boot(), 3, without));
    assertThat(n1.view().membership().removed()).isPresent();
    n1.timeOut();
    assertThat(n1.view().role()).as("it does not stand").isEqualTo(Role.FOLLOWER);
  }

  @Test
  @Tag("pitfall-13")
  void aLearnerVotesWhenItIsAskedByName() {
    Configuration learner =
        new Configuration(new ClusterId(1, 2), members(2, 4), List.of(), List.of(member(1)));
    CoreDriver n1 = CoreDriver.recovered(learner, SETTINGS, HardState.INITIAL);
    n1.deliver("n2", new VoteRequest(1, false, false, 1, 0));
    n1.persist();
    assertThat(
            n1.takeOne("n2", dev.quorate.raft.engine.message.Message.VoteResponse.class).granted())
        .isTrue();
  }

  /** It called itself removed until its log named it, and told its operator to wipe its disk. */
  @Test
  void whoIsLetInIsNotRemovedByTheEntriesFromBeforeThat() {
    Configuration founders = Configuration.ofVoters(new ClusterId(1, 2), members(2, 3));
    Configuration withLearner =
        new Configuration(founders.clusterId(), members(2, 3), List.of(), members(1, 1));
    CoreDriver n1 = CoreDriver.newcomer(founders, 10, withLearner);
    n1.append("n2", 1, 0, 0, 0, configurationEntry(1, 0, founders), entry(2, 1));
    n1.persist();
    n1.heartbeat("n2", 1, 2, 2, 1);
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    assertThat(n1.view().membership().removed()).isEmpty();
    n1.append("n2", 1, 2, 1, 2, entry(3, 1), configurationEntry(4, 1, withLearner));
    n1.persist();
    n1.heartbeat("n2", 1, 4, 4, 2);
    assertThat(n1.view().membership().removed()).isEmpty();
    n1.append("n2", 1, 4, 1, 4, configurationEntry(5, 1, founders));
    n1.persist();
    n1.heartbeat("n2", 1, 5, 5, 3);
    assertThat(n1.view().membership().removed()).isPresent();
  }
}
