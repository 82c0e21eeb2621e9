package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QuorumsTest {

  private static final NodeId N1 = NodeId.of("n1");
  private static final long TERM = 7;

  /** Disks with an entry of the term at the index; those of old incarnations begin with "old". */
  private final Set<String> holders = new HashSet<>();

  private final Quorums quorums =
      new Quorums((disk, index, term) -> term == TERM && holders.contains(name(disk) + index));

  private static String name(MemberId disk) {
    return (disk.incarnation() == 1 ? "" : "old ") + disk.node() + "@";
  }

  private void hold(long index, String... nodes) {
    Stream.of(nodes).forEach(node -> holders.add(node + "@" + index));
  }

  private static List<Member> members(String... nodes) {
    return Stream.of(nodes)
        .map(node -> new Member(NodeId.of(node), 1, new Address(node, 7000)))
        .toList();
  }

  private static Configuration voters(String... nodes) {
    return Configuration.ofVoters(new ClusterId(1, 1), members(nodes));
  }

  private static Configuration joint(List<Member> outgoing, List<Member> voters) {
    return new Configuration(new ClusterId(1, 1), voters, outgoing, List.of());
  }

  private static TreeMap<Long, Configuration> log(Configuration... configurations) {
    TreeMap<Long, Configuration> log = new TreeMap<>();
    for (Configuration configuration : configurations) {
      log.put(log.isEmpty() ? 1L : log.lastKey() + 1, configuration);
    }
    return log;
  }

  private static void breaks(String invariant, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            Violation.class, it -> assertThat(it.invariant()).isEqualTo(invariant));
  }

  @Test
  void whatAMajorityHoldsIsDecided() {
    hold(5, "n1", "n2");
    quorums.decides(N1, TERM, 5, List.of(voters("n1", "n2", "n3")));
    quorums.learns(N1, 5);
    assertThat(quorums.decidedTo()).isEqualTo(5);
  }

  @Test
  void whatAMinorityHoldsIsNotDecided() {
    hold(5, "n1", "n2");
    breaks("I6", () -> quorums.decides(N1, TERM, 5, List.of(voters("n1", "n2", "n3", "n4"))));
  }

  @Test
  void anEntryOfAFormerTermIsNotDecidedByCounting() {
    hold(5, "n1", "n2");
    breaks("I6", () -> quorums.decides(N1, TERM + 1, 5, List.of(voters("n1", "n2", "n3"))));
  }

  @Test
  void aLearnerDoesNotCount() {
    Configuration withLearner =
        new Configuration(new ClusterId(1, 1), members("n1", "n2"), List.of(), members("n3"));
    hold(5, "n1", "n3");
    breaks("I6", () -> quorums.decides(N1, TERM, 5, List.of(withLearner)));
  }

  @Test
  void anotherDiskOfTheSameNodeDoesNotCount() {
    hold(5, "n1", "old n2");
    breaks("I6", () -> quorums.decides(N1, TERM, 5, List.of(voters("n1", "n2", "n3"))));
  }

  @Test
  void oneMajorityIsNotEnoughInAJointConfiguration() {
    Configuration joint = joint(members("n1", "n2", "n3"), members("n3", "n4", "n5"));
    hold(5, "n3", "n4", "n5");
    breaks("I6", () -> quorums.decides(N1, TERM, 5, List.of(joint)));
    hold(5, "n1");
    quorums.decides(N1, TERM, 5, List.of(joint));
  }

  @Test
  void nobodyKnowsOfACommitThatNoLeaderDecided() {
    quorums.learns(N1, 1);
    breaks("I6", () -> quorums.learns(N1, 2));
  }

  @Test
  void votersDoNotChangeInOneStep() {
    breaks("I10", () -> quorums.stored(N1, log(voters("n1", "n2", "n3"), voters("n1", "n2"))));
  }

  @Test
  void aJointConfigurationBeginsWithTheVotersBeforeIt() {
    breaks(
        "I10",
        () ->
            quorums.stored(
                N1,
                log(
                    voters("n1", "n2", "n3"),
                    joint(members("n1", "n2"), members("n1", "n2", "n4")))));
  }

  @Test
  void thereIsOneUndecidedConfigurationAtATime() {
    Configuration old = voters("n1", "n2");
    Configuration joint = joint(members("n1", "n2"), members("n1", "n3"));
    quorums.stored(N1, log(old, joint));
    breaks("I10", () -> quorums.stored(N1, log(old, joint, voters("n1", "n3"))));
  }

  @Test
  void onceTheJointConfigurationIsDecidedTheNewOneFollows() {
    Configuration old = voters("n1", "n2");
    Configuration joint = joint(members("n1", "n2"), members("n1", "n3"));
    hold(2, "n1", "n2", "n3");
    quorums.decides(N1, TERM, 2, List.of(joint));
    quorums.stored(N1, log(old, joint, voters("n1", "n3")));
  }

  @Test
  void aNodeGoesByTheLastConfigurationOfItsLog() {
    TreeMap<Long, Configuration> log =
        log(voters("n1", "n2"), joint(members("n1", "n2"), members("n1", "n3")));
    quorums.goesBy(N1, 2, log);
    breaks("I10", () -> quorums.goesBy(N1, 1, log));
  }

  @Test
  void aLeaderHasTheVotesOfAMajorityOfEachHalf() {
    Configuration joint = joint(members("n1", "n2"), members("n1", "n3", "n4"));
    MemberId leader = new MemberId(N1, 1);
    breaks("I11", () -> quorums.elected(leader, TERM, joint, voter -> !name(voter).equals("n2@")));
    quorums.elected(leader, TERM, joint, voter -> !name(voter).equals("n4@"));
  }

  @Test
  void aLearnersVoteElectsNobody() {
    Configuration withLearner =
        new Configuration(new ClusterId(1, 1), members("n1", "n2", "n3"), List.of(), members("n4"));
    breaks(
        "I11",
        () ->
            quorums.elected(
                new MemberId(N1, 1), TERM, withLearner, voter -> name(voter).equals("n4@")));
  }
}
