package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChangeHistoryTest {

  private static final NodeId N3 = NodeId.of("n3");
  private static final MembershipChange REMOVE = new MembershipChange.Remove(N3);
  private static final MembershipChange DEMOTE = new MembershipChange.Demote(N3);

  private final TreeMap<Long, Configuration> committed = new TreeMap<>();
  private final ChangeHistory history = new ChangeHistory();

  ChangeHistoryTest() {
    committed.put(1L, voters(ChangeId.NONE, "n1", "n2", "n3"));
    committed.put(4L, voters(new ChangeId(7, 1), "n1", "n2"));
    committed.put(9L, voters(new ChangeId(7, 2), "n1", "n2", "n3"));
  }

  private static Configuration voters(ChangeId change, String... nodes) {
    return new Configuration(
        new ClusterId(1, 1),
        FeatureLevel.FIRST,
        Stream.of(nodes).map(it -> new Member(NodeId.of(it), 1, new Address(it, 7000))).toList(),
        List.of(),
        List.of(),
        Optional.empty(),
        change,
        List.of());
  }

  /** What a node says that has the committed configuration of an index. */
  private Membership told(long index) {
    return new Membership(
        index,
        true,
        Membership.Phase.STEADY,
        FeatureLevel.FIRST,
        committed.get(index).voters().stream()
            .map(
                it ->
                    new MemberStatus(
                        it.id(),
                        it.incarnation(),
                        it.address(),
                        MemberStatus.Standing.VOTER,
                        it.level()))
            .toList(),
        List.of(),
        List.of());
  }

  private void changed(long version, MembershipChange wish, Membership told) {
    history
        .asked(NodeId.of("n1"), 1, version, List.of(wish))
        .ended(new MembershipOutcome.Changed(told));
  }

  private void isWrong() {
    assertThatThrownBy(() -> history.judge(committed))
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("I15"));
  }

  @Test
  void aChangeThatIsInTheLogAsItWasToldIsRight() {
    changed(1, REMOVE, told(4));
    changed(0, new MembershipChange.AddMember(N3), told(9));
    history.judge(committed);
    assertThat(history.changed()).isEqualTo(2);
  }

  @Test
  void whatIsNotCommittedHasNotChanged() {
    Membership told = told(4);
    committed.remove(4L);
    changed(0, REMOVE, told);
    isWrong();
  }

  @Test
  void theMembersAreThoseOfTheLog() {
    Membership told = told(4);
    committed.put(4L, voters(new ChangeId(7, 1), "n2"));
    changed(0, REMOVE, told);
    isWrong();
  }

  @Test
  void whatWasWishedHasComeTrue() {
    changed(0, DEMOTE, told(4));
    isWrong();
  }

  @Test
  void aChangeIsOneCalls() {
    changed(0, REMOVE, told(4));
    changed(0, REMOVE, told(4));
    isWrong();
  }

  @Test
  void aConditionalChangeFollowsItsVersion() {
    changed(1, new MembershipChange.AddMember(N3), told(9));
    isWrong();
  }

  @Test
  void aChangeWithoutAnEndIsOpen() {
    ChangeHistory.Change change = history.asked(N3, 2, 0, List.of(REMOVE));
    assertThat(history.open(it -> it.boot() == 2)).isOne();
    assertThat(history.open(it -> it.boot() == 1)).isZero();
    change.ended(new MembershipOutcome.Unknown("late"));
    assertThat(history.open(it -> true)).isZero();
  }
}
