package dev.quorate.raft.engine.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JointConsensusTest {

  private static final ChangeId ID = new ChangeId(5, 6);

  static Member member(int number) {
    return new Member(NodeId.of("n" + number), 100 + number, new Address("h" + number, 7_000));
  }

  static List<Member> members(int... numbers) {
    return Arrays.stream(numbers).mapToObj(JointConsensusTest::member).toList();
  }

  static Configuration voters(int... numbers) {
    return Configuration.ofVoters(new ClusterId(1, 2), members(numbers));
  }

  @Test
  void aChangeOfLearnersAloneIsOneStep() {
    Configuration next =
        JointConsensus.begin(voters(1, 2), new Goal(members(1, 2), members(3)), ID);
    assertThat(next.isChanging()).isFalse();
    assertThat(next.learners()).isEqualTo(members(3));
    assertThat(next.change()).isEqualTo(ID);
  }

  @Test
  void votersThatGoAreOutgoingUntilTheSecondStep() {
    Configuration joint =
        JointConsensus.begin(voters(1, 2, 3), new Goal(members(1), members(2)), ID);
    assertThat(joint.voters()).isEqualTo(members(1));
    assertThat(joint.outgoing()).isEqualTo(members(1, 2, 3));
    assertThat(joint.learners()).isEqualTo(members(2));
    assertThat(joint.removed()).isEmpty();
    Configuration last = JointConsensus.leave(joint);
    assertThat(last.isChanging()).isFalse();
    assertThat(last.voters()).isEqualTo(members(1));
    assertThat(last.learners()).isEqualTo(members(2));
    assertThat(last.removed()).containsExactly(member(3).key());
  }

  @Test
  void votersThatComeAreLearnersFirst() {
    Configuration withGoal =
        JointConsensus.begin(voters(1, 2), new Goal(members(2, 3), members(1, 4)), ID);
    assertThat(withGoal.voters()).isEqualTo(members(1, 2));
    assertThat(withGoal.isJoint()).isFalse();
    assertThat(withGoal.learners()).isEqualTo(members(3, 4));
    assertThat(JointConsensus.catchingUp(withGoal)).isEqualTo(members(3));
    Configuration joint = JointConsensus.enter(withGoal);
    assertThat(joint.voters()).isEqualTo(members(2, 3));
    assertThat(joint.outgoing()).isEqualTo(members(1, 2));
    assertThat(joint.learners()).isEqualTo(members(1, 4));
    assertThat(joint.goal()).isEmpty();
  }

  @Test
  void aSecondChangeDoesNotBeginWhileOneIsUnderWay() {
    Goal goal = new Goal(members(1), List.of());
    Configuration joint = JointConsensus.begin(voters(1, 2), goal, ID);
    assertThatThrownBy(() -> JointConsensus.begin(joint, goal, ID))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JointConsensus.leave(voters(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsRememberedOfTheRemovedIsBounded() {
    Configuration at = voters(1);
    for (int i = 2; i < 300; i++) {
      at = JointConsensus.begin(at, new Goal(members(1), members(i)), ID);
    }
    assertThat(at.removed()).hasSize(JointConsensus.MAX_REMOVED);
    assertThat(at.removed().get(JointConsensus.MAX_REMOVED - 1)).isEqualTo(member(298).key());
  }

  /** What makes changes safe: who decides by one configuration meets who decides by the next. */
  @Test
  void anyTwoQuorumsOfNeighbouringConfigurationsMeet() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 3_000; i++) {
      Configuration at = voters(some(random));
      List<Configuration> path = new ArrayList<>(List.of(at));
      int[] to = some(random);
      Configuration next =
          JointConsensus.begin(at, new Goal(members(to), List.of()), new ChangeId(1, i));
      path.add(next);
      if (next.goal().isPresent()) {
        next = JointConsensus.enter(next);
        path.add(next);
      }
      if (next.isJoint()) {
        next = JointConsensus.leave(next);
        path.add(next);
      }
      assertThat(next.voters()).isEqualTo(members(to));
      assertThat(next.isChanging()).isFalse();
      for (int step = 1; step < path.size(); step++) {
        assertThat(disjoint(path.get(step - 1), path.get(step)))
            .as("%s then %s", path.get(step - 1), path.get(step))
            .isFalse();
      }
    }
  }

  private static int[] some(SplittableRandom random) {
    int[] chosen = IntStream.rangeClosed(1, 6).filter(n -> random.nextBoolean()).toArray();
    return chosen.length == 0 ? new int[] {1 + random.nextInt(6)} : chosen;
  }

  /** Whether some set of nodes is a quorum of the one and its complement of the other. */
  private static boolean disjoint(Configuration one, Configuration other) {
    for (int set = 0; set < 1 << 6; set++) {
      if (isQuorum(one, set) && isQuorum(other, ~set)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isQuorum(Configuration configuration, int set) {
    return isMajority(configuration.voters(), set)
        && (configuration.outgoing().isEmpty() || isMajority(configuration.outgoing(), set));
  }

  private static boolean isMajority(List<Member> voters, int set) {
    long count =
        voters.stream()
            .filter(v -> (set >> (Integer.parseInt(v.id().value().substring(1)) - 1) & 1) == 1)
            .count();
    return 2 * count > voters.size();
  }
}
