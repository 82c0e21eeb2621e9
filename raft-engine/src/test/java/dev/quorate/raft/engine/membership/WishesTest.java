package dev.quorate.raft.engine.membership;

import static dev.quorate.raft.engine.membership.JointConsensusTest.member;
import static dev.quorate.raft.engine.membership.JointConsensusTest.members;
import static dev.quorate.raft.engine.membership.JointConsensusTest.voters;
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
import dev.quorate.raft.api.MembershipChange.UpdateAddress;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WishesTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final NodeId N2 = NodeId.of("n2");
  private static final NodeId N3 = NodeId.of("n3");
  private static final NodeId N4 = NodeId.of("n4");
  private static final NodeId N5 = NodeId.of("n5");
  private static final ChangeId ID = new ChangeId(5, 6);

  private final List<Member> waiting = new ArrayList<>();
  private Configuration now =
      new Configuration(new ClusterId(1, 2), members(1, 2), List.of(), members(3));

  private Decision decide(MembershipChange... wishes) {
    return Wishes.decide(now, Arrays.asList(wishes), this::findWaiting, ID);
  }

  private Optional<Member> findWaiting(NodeId node) {
    return waiting.stream().filter(member -> member.id().equals(node)).findFirst();
  }

  private Configuration begin(MembershipChange... wishes) {
    return ((Decision.Begin) decide(wishes)).next();
  }

  private Goal goal(MembershipChange... wishes) {
    return begin(wishes).goal().orElseThrow();
  }

  private Reason reason(MembershipChange... wishes) {
    Decision.Refuse refusal = (Decision.Refuse) decide(wishes);
    assertThat(refusal.message()).isNotBlank();
    return refusal.reason();
  }

  @Test
  void aNodeThatWaitsIsAddedWithItsDiskAndItsAddress() {
    waiting.add(member(4));
    assertThat(goal(new AddMember(N4)).voters()).isEqualTo(members(1, 2, 4));
    assertThat(begin(new AddLearner(N4)).learners()).isEqualTo(members(3, 4));
  }

  @Test
  void whoDoesNotWaitIsNotAdded() {
    assertThat(reason(new AddMember(N4))).isEqualTo(Reason.NOT_WAITING);
    assertThat(reason(new AddLearner(N4))).isEqualTo(Reason.NOT_WAITING);
    assertThat(reason(new Replace(N1, N4))).isEqualTo(Reason.NOT_WAITING);
    assertThat(reason(Replace.disk(N1))).isEqualTo(Reason.NOT_WAITING);
  }

  @Test
  void whoDoesNotSupportTheGroupsLevelIsNotAdded() {
    now =
        new Configuration(
                new ClusterId(1, 2),
                members(1, 2).stream().map(member -> member.withLevel(3)).toList(),
                List.of(),
                List.of(member(3).withLevel(2)))
            .withLevels(2, member -> member);
    waiting.add(member(4));
    assertThat(reason(new AddMember(N4))).isEqualTo(Reason.FEATURE_LEVEL);
    assertThat(reason(new AddLearner(N4))).isEqualTo(Reason.FEATURE_LEVEL);
    assertThat(reason(new Replace(N1, N4))).isEqualTo(Reason.FEATURE_LEVEL);
    waiting.set(0, member(4).withLevel(2));
    Configuration next = begin(new AddMember(N4));
    assertThat(next.level()).isEqualTo(2);
    assertThat(next.goal().orElseThrow().voters()).contains(member(4).withLevel(2));
    now = next;
    assertThat(JointConsensus.enter(now).level()).isEqualTo(2);
    assertThat(JointConsensus.leave(JointConsensus.enter(now)).level()).isEqualTo(2);
    assertThat(JointConsensus.cancel(now, ID).level()).isEqualTo(2);
  }

  @Test
  void whoIsAMemberIsNotAdded() {
    assertThat(reason(new AddMember(N3))).isEqualTo(Reason.ALREADY_A_MEMBER);
    assertThat(reason(new AddLearner(N1))).isEqualTo(Reason.ALREADY_A_MEMBER);
    assertThat(reason(new Replace(N1, N2))).isEqualTo(Reason.ALREADY_A_MEMBER);
  }

  @Test
  void rolesChange() {
    assertThat(goal(new Promote(N3)).voters()).isEqualTo(members(1, 2, 3));
    assertThat(begin(new Demote(N2)).voters()).isEqualTo(members(1));
    assertThat(begin(new Demote(N2)).learners()).isEqualTo(members(2, 3));
    assertThat(reason(new Promote(N1))).isEqualTo(Reason.ROLE_IS_THE_SAME);
    assertThat(reason(new Demote(N3))).isEqualTo(Reason.ROLE_IS_THE_SAME);
    assertThat(reason(new Promote(N5))).isEqualTo(Reason.UNKNOWN_MEMBER);
    assertThat(reason(new Demote(N5))).isEqualTo(Reason.UNKNOWN_MEMBER);
  }

  @Test
  void membersAreRemovedButNotTheLastVoter() {
    assertThat(begin(new Remove(N3)).learners()).isEmpty();
    assertThat(begin(new Remove(N2)).voters()).isEqualTo(members(1));
    assertThat(reason(new Remove(N1), new Remove(N2))).isEqualTo(Reason.NO_VOTER_LEFT);
    assertThat(reason(new Demote(N1), new Remove(N2))).isEqualTo(Reason.NO_VOTER_LEFT);
    assertThat(reason(new Remove(N5))).isEqualTo(Reason.UNKNOWN_MEMBER);
  }

  @Test
  void aVotersPlaceIsTakenInOneStep() {
    waiting.add(member(4));
    Goal goal = goal(new Replace(N2, N4));
    assertThat(goal.voters()).isEqualTo(members(1, 4));
    assertThat(goal.learners()).isEqualTo(members(3));
    assertThat(begin(new Replace(N3, N4)).learners()).isEqualTo(members(4));
  }

  @Test
  void aNewDiskTakesThePlaceOfTheOldOne() {
    Member wiped = new Member(N2, 777, member(2).address());
    waiting.add(wiped);
    assertThat(goal(Replace.disk(N2)).voters()).containsExactly(member(1), wiped);
    assertThat(begin(Replace.disk(N2)).learners()).containsExactly(wiped, member(3));
    waiting.set(0, member(2));
    assertThat(reason(Replace.disk(N2))).isEqualTo(Reason.ALREADY_A_MEMBER);
  }

  @Test
  void aDiskThatWasRemovedNeverComesBack() {
    now = begin(new Remove(N3));
    waiting.add(member(3));
    assertThat(reason(new AddLearner(N3))).isEqualTo(Reason.DISK_WAS_REMOVED);
    waiting.set(0, new Member(N3, 778, member(3).address()));
    assertThat(begin(new AddLearner(N3)).learners()).hasSize(1);
  }

  @Test
  void severalWishesAreOneChange() {
    waiting.add(member(4));
    waiting.add(member(5));
    Configuration next =
        begin(new AddMember(N4), new Replace(N1, N5), new Demote(N2), new Promote(N3));
    assertThat(next.goal().orElseThrow().voters()).isEqualTo(members(3, 4, 5));
    assertThat(next.goal().orElseThrow().learners()).isEqualTo(members(2));
    assertThat(next.voters()).isEqualTo(members(1, 2));
    assertThat(next.learners()).isEqualTo(members(3, 4, 5));
  }

  @Test
  void twoWishesAboutOneNodeContradictEachOther() {
    assertThat(reason(new Promote(N3), new Demote(N3))).isEqualTo(Reason.CONTRADICTION);
    assertThat(reason(new Remove(N2), new Replace(N1, N2))).isEqualTo(Reason.CONTRADICTION);
    assertThat(reason(new Cancel(), new Remove(N2))).isEqualTo(Reason.CONTRADICTION);
  }

  @Test
  void anAddressIsChangedUnlessAnotherHasIt() {
    Address elsewhere = new Address("elsewhere", 7_009);
    Configuration next = begin(new UpdateAddress(N2, elsewhere));
    assertThat(next.isChanging()).isFalse();
    assertThat(next.voter(N2).orElseThrow()).isEqualTo(new Member(N2, 102, elsewhere));
    assertThat(reason(new UpdateAddress(N2, member(1).address()))).isEqualTo(Reason.ADDRESS_IN_USE);
    assertThat(reason(new UpdateAddress(N2, member(2).address())))
        .isEqualTo(Reason.NOTHING_TO_CHANGE);
    assertThat(reason(new UpdateAddress(N5, elsewhere))).isEqualTo(Reason.UNKNOWN_MEMBER);
  }

  @Test
  void nothingElseBeginsWhileAChangeIsUnderWay() {
    now = begin(new Demote(N2));
    assertThat(reason(new Remove(N3))).isEqualTo(Reason.CHANGE_UNDER_WAY);
    assertThat(reason(new Cancel())).as("it has votes").isEqualTo(Reason.CHANGE_UNDER_WAY);
    now = voters(1, 2, 3);
    assertThat(reason(new Cancel())).isEqualTo(Reason.NOTHING_TO_CHANGE);
  }

  @Test
  void whatIsGivenUpLeavesLearnersButNotASecondDiskOfAVoter() {
    waiting.add(member(4));
    waiting.add(new Member(N2, 777, member(2).address()));
    now = begin(new AddMember(N4), Replace.disk(N2));
    Configuration given = begin(new Cancel());
    assertThat(given.isChanging()).isFalse();
    assertThat(given.voters()).isEqualTo(members(1, 2));
    assertThat(given.learners()).isEqualTo(members(3, 4));
    assertThat(given.removed()).hasSize(1);
  }

  @Test
  void thereIsABoundOnMembers() {
    List<MembershipChange> wishes = new ArrayList<>();
    for (int i = 4; i < Wishes.MAX_MEMBERS + 2; i++) {
      waiting.add(member(i));
      wishes.add(new AddLearner(NodeId.of("n" + i)));
    }
    assertThat(reason(wishes.toArray(new MembershipChange[0]))).isEqualTo(Reason.TOO_MANY_MEMBERS);
  }
}
