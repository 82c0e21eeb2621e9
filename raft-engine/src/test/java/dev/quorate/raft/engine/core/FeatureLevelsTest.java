package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message.Declaration;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a group comes to a higher feature level, rule P18. */
class FeatureLevelsTest {

  /** Voters n1 to n3 and the learner n4, who have declared those levels. */
  private static Configuration group(int level, int... declared) {
    return new Configuration(
            new ClusterId(1, 2),
            List.of(member(1, declared), member(2, declared), member(3, declared)),
            List.of(),
            List.of(member(4, declared)))
        .withLevels(level, member -> member);
  }

  private static Member member(int number, int... declared) {
    return CoreDriver.member(number).withLevel(declared[number - 1]);
  }

  private static CoreDriver node(Configuration configuration, int supported) {
    CoreDriver n1 = CoreDriver.recovered(configuration, CoreDriver.SETTINGS, HardState.INITIAL);
    n1.turn((core, now, out) -> core.supports(supported));
    return n1;
  }

  private static CoreDriver leader(Configuration configuration, int supported) {
    CoreDriver n1 = node(configuration, supported);
    n1.lead();
    settle(n1);
    return n1;
  }

  /** Everybody acknowledges everything, until nothing is new. */
  private static void settle(CoreDriver n1) {
    for (int i = 0; i < 4; i++) {
      n1.persist();
      n1.acceptAll();
    }
  }

  private static Configuration present(CoreDriver n1) {
    return n1.view().configuration();
  }

  private static List<Integer> levels(CoreDriver n1) {
    return present(n1).members().stream().map(Member::level).toList();
  }

  @Test
  void theLevelRisesWhenAllHaveDeclaredALearnerIncluded() {
    CoreDriver n1 = leader(group(1, 1, 1, 1, 1), 2);
    assertThat(levels(n1)).as("its own").containsExactly(2, 1, 1, 1);
    n1.deliver("n2", new Declaration(3));
    n1.deliver("n3", new Declaration(2));
    settle(n1);
    assertThat(levels(n1)).containsExactly(2, 3, 2, 1);
    assertThat(present(n1).level()).as("the learner holds it back").isEqualTo(1);
    n1.deliver("n4", new Declaration(2));
    assertThat(present(n1).level()).as("declared, not committed").isEqualTo(1);
    settle(n1);
    assertThat(levels(n1)).containsExactly(2, 3, 2, 2);
    assertThat(present(n1).level()).isEqualTo(2);
    assertThat(n1.view().membership().forUsers().featureLevel()).isEqualTo(2);
  }

  @Test
  void aGroupOfOneVersionAppendsNothing() {
    CoreDriver n1 = leader(group(1, 1, 1, 1, 1), 1);
    n1.deliver("n2", new Declaration(1));
    settle(n1);
    assertThat(n1.view().lastIndex()).as("bootstrap and no-op").isEqualTo(2);
  }

  @Test
  void aDeclarationIsTakenBackAsLongAsTheGroupHasNotRisen() {
    CoreDriver n1 = leader(group(1, 2, 2, 1, 1), 2);
    n1.deliver("n2", new Declaration(1));
    settle(n1);
    assertThat(levels(n1)).containsExactly(2, 1, 1, 1);
  }

  @Test
  void nothingLowersTheLevel() {
    CoreDriver n1 = leader(group(2, 2, 2, 2, 2), 2);
    n1.deliver("n2", new Declaration(1));
    settle(n1);
    assertThat(levels(n1)).containsExactly(2, 2, 2, 2);
    assertThat(present(n1).level()).isEqualTo(2);
    CoreDriver old = leader(group(2, 2, 2, 2, 2), 1);
    assertThat(levels(old)).containsExactly(2, 2, 2, 2);
    assertThat(present(old).level()).isEqualTo(2);
  }

  @Test
  void aLeaderRaisesTheLevelOnlyAsFarAsItKnowsWhatThatMeans() {
    CoreDriver n1 = leader(group(1, 3, 3, 3, 3), 2);
    settle(n1);
    assertThat(present(n1).level()).isEqualTo(2);
    assertThat(levels(n1)).containsExactly(2, 3, 3, 3);
  }

  @Test
  void whatWasDeclaredInAFormerTermOrByAStrangerIsForgotten() {
    CoreDriver n1 = leader(group(1, 1, 1, 1, 1), 1);
    n1.deliver("n9", new Declaration(2));
    n1.command(1);
    n1.deliver("n2", new Declaration(2));
    assertThat(levels(n1)).containsExactly(1, 2, 1, 1);
    n1.heartbeat("n3", 2, 2, 2, 1);
    n1.append("n3", 2, 2, 1, 2, CoreDriver.entry(3, 2));
    n1.persist();
    n1.lead();
    settle(n1);
    assertThat(levels(n1)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void declarationsWaitForAChangeOfMembers() {
    CoreDriver n1 = leader(group(1, 1, 1, 1, 1), 1);
    n1.change(1, new MembershipChange.Promote(NodeId.of("n4")));
    n1.persist();
    n1.accept("n2", n1.view().lastIndex());
    n1.accept("n3", n1.view().lastIndex());
    long last = n1.view().lastIndex();
    n1.deliver("n2", new Declaration(2));
    assertThat(n1.view().lastIndex()).as("n4 has not caught up").isEqualTo(last);
    n1.change(2, new MembershipChange.Cancel());
    settle(n1);
    assertThat(levels(n1)).containsExactly(1, 2, 1, 1);
    assertThat(n1.takeChange(2)).isInstanceOf(MembershipOutcome.Changed.class);
  }

  @Test
  void aMemberTellsItsLeaderUntilItsConfigurationSaysSo() {
    CoreDriver n1 = node(group(1, 1, 1, 1, 1), 2).follow("n2", 1);
    n1.heartbeat("n2", 1, 1, 1, 2);
    assertThat(n1.take("n2", Declaration.class)).as("not with every turn").isEmpty();
    n1.pass(300);
    n1.heartbeat("n2", 1, 1, 1, 3);
    assertThat(n1.take("n2", Declaration.class)).containsExactly(new Declaration(2));
    n1.append("n2", 1, 1, 0, 1, CoreDriver.configurationEntry(2, 1, group(1, 2, 1, 1, 1)));
    n1.pass(300);
    n1.heartbeat("n2", 1, 1, 1, 4);
    assertThat(n1.take("n2", Declaration.class)).isEmpty();
  }

  @Test
  void whoIsBelowTheGroupsLevelDeclaresNothing() {
    CoreDriver n1 = node(group(2, 2, 2, 2, 2), 1);
    n1.heartbeat("n2", 1, 1, 0, 1);
    n1.pass(300);
    n1.heartbeat("n2", 1, 1, 0, 2);
    assertThat(n1.take("n2", Declaration.class)).isEmpty();
  }

  @Test
  void aNewcomerIsTakenWithTheLevelThatItAsksWith() {
    CoreDriver n1 = leader(group(2, 2, 2, 2, 2), 2);
    n1.deliver("n5", new FormationProbe(List.of(), new Address("host5", 7_005), 1));
    n1.change(1, new MembershipChange.AddLearner(NodeId.of("n5")));
    MembershipOutcome.Refused refused = (MembershipOutcome.Refused) n1.takeChange(1);
    assertThat(refused.reason()).isEqualTo(MembershipOutcome.Reason.FEATURE_LEVEL);
    assertThat(refused.message())
        .isEqualTo(
            "n5 supports the feature level 1, but the group is of level 2: start it with a newer"
                + " version");
    n1.deliver("n5", new FormationProbe(List.of(), new Address("host5", 7_005), 3));
    n1.change(2, new MembershipChange.AddLearner(NodeId.of("n5")));
    settle(n1);
    assertThat(levels(n1)).containsExactly(2, 2, 2, 2, 3);
  }
}
