package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PreferredLeaderTest {

  private static final int BEATS_A_TIMEOUT = 12;
  private static final int PATIENCE = PreferredLeader.PATIENCE * BEATS_A_TIMEOUT;
  private static final int PAUSE = PreferredLeader.PAUSE * BEATS_A_TIMEOUT;

  private static void prefer(CoreDriver n1, Map<NodeId, Integer> priorities) {
    n1.turn(
        (core, now, out) ->
            core.onSettings(new ClusterSettings(1, 0, 0, 0, 0, false, new TreeMap<>(priorities))));
  }

  private static Map<NodeId, Integer> priority(String node, int priority) {
    return Map.of(NodeId.of(node), priority);
  }

  private static CoreDriver leader(int voters, Map<NodeId, Integer> priorities) {
    CoreDriver n1 = CoreDriver.voters(voters).leadAll();
    prefer(n1, priorities);
    return n1;
  }

  /** So many rounds of heartbeats, which those answer. */
  private static void beats(CoreDriver n1, int rounds, String... answering) {
    for (int i = 0; i < rounds; i++) {
      n1.beat();
      n1.answerHeartbeats(answering);
    }
  }

  private static int told(CoreDriver n1, String node) {
    return n1.take(node, TimeoutNow.class).size();
  }

  /** After how many rounds somebody is told to stand. */
  private static int roundsUntilTold(CoreDriver n1, String node, int most) {
    for (int rounds = 1; rounds <= most; rounds++) {
      beats(n1, 1, "n2", "n3");
      if (told(n1, node) > 0) {
        return rounds;
      }
    }
    throw new AssertionError("not in " + most + " rounds");
  }

  @Test
  void whoIsPreferredIsToldToStandOnceItHasBeenFitForAWhile() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    beats(n1, PATIENCE - 1, "n2", "n3");
    assertThat(told(n1, "n3")).isZero();
    beats(n1, 2, "n2", "n3");
    assertThat(told(n1, "n3")).isEqualTo(1);
    assertThat(told(n1, "n2")).isZero();
  }

  @Test
  void theLeaderLeadsUntilItsSuccessorDoesAndWhatIsHeldGoesThere() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    beats(n1, PATIENCE + 1, "n2", "n3");
    n1.command(7);
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.view().lastIndex()).as("held").isEqualTo(2);
    n1.heartbeat("n3", 2, 2, 2, 1);
    assertThat(n1.view().leader()).contains(NodeId.of("n3"));
    assertThat(n1.takeCompletions()).as("nobody asked").isEmpty();
  }

  @Test
  void theHighestOfThoseThatAreFitIsMeant() {
    CoreDriver n1 = leader(4, Map.of(NodeId.of("n2"), 1, NodeId.of("n3"), 3, NodeId.of("n4"), 2));
    beats(n1, 13, "n2", "n4");
    beats(n1, PATIENCE + 1, "n2", "n4");
    assertThat(told(n1, "n3")).as("silent").isZero();
    assertThat(told(n1, "n4")).isEqualTo(1);
    assertThat(told(n1, "n2")).isZero();
  }

  @Test
  void nobodyIsPreferredToAnEqual() {
    CoreDriver n1 = leader(3, Map.of(NodeId.of("n1"), 2, NodeId.of("n2"), 2, NodeId.of("n3"), 1));
    beats(n1, 3 * PATIENCE, "n2", "n3");
    assertThat(told(n1, "n2") + told(n1, "n3")).isZero();
    prefer(n1, Map.of());
    beats(n1, 3 * PATIENCE, "n2", "n3");
    assertThat(told(n1, "n2") + told(n1, "n3")).isZero();
  }

  @Test
  void theClockStartsAnewWhenItFallsBehind() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    beats(n1, PATIENCE - 2, "n2", "n3");
    n1.command(1);
    n1.persist();
    n1.accept("n2", 3);
    beats(n1, 4, "n2", "n3");
    assertThat(told(n1, "n3")).as("lacks what was committed long ago").isZero();
    n1.accept("n3", 3);
    beats(n1, PATIENCE - 2, "n2", "n3");
    assertThat(told(n1, "n3")).isZero();
    beats(n1, 4, "n2", "n3");
    assertThat(told(n1, "n3")).isEqualTo(1);
  }

  @Test
  void whoHasNoSpaceIsNotFit() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    for (int i = 0; i < 2 * PATIENCE; i++) {
      n1.beat();
      n1.answerHeartbeats("n2");
      List<Heartbeat> beats = n1.take("n3", Heartbeat.class);
      long round = beats.get(beats.size() - 1).round();
      n1.deliver("n3", new HeartbeatResponse(1, round, 2, 2, false));
    }
    assertThat(told(n1, "n3")).isZero();
  }

  @Test
  void aLeaderWithoutSpaceOfItsOwnLeavesItToThoseWhoLookForSpace() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    n1.turn((core, now, out) -> core.onSpace(false, now, out));
    beats(n1, PATIENCE + 2, "n2", "n3");
    n1.command(7);
    assertThat(n1.takeCompletions()).as("rejected, not held").hasSize(1);
  }

  @Test
  void anAttemptThatFailsIsNotRepeatedSoonAndEachTimeLater() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    int first = roundsUntilTold(n1, "n3", PATIENCE + 2);
    assertThat(first).isGreaterThanOrEqualTo(PATIENCE);
    beats(n1, 2 * BEATS_A_TIMEOUT, "n2", "n3");
    told(n1, "n3");
    n1.command(7);
    assertThat(n1.view().lastIndex()).as("it goes on").isEqualTo(3);
    n1.persist();
    n1.acceptAll();
    int second = roundsUntilTold(n1, "n3", 2 * PAUSE);
    assertThat(second + 2 * BEATS_A_TIMEOUT).isBetween(PAUSE - 2, PAUSE + 2);
    beats(n1, 2 * BEATS_A_TIMEOUT, "n2", "n3");
    told(n1, "n3");
    int third = roundsUntilTold(n1, "n3", 3 * PAUSE);
    assertThat(third + 2 * BEATS_A_TIMEOUT).isBetween(2 * PAUSE - 2, 2 * PAUSE + 2);
  }

  @Test
  void aNewTermIsANewBeginning() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    beats(n1, PATIENCE - 4, "n2", "n3");
    n1.wakeAfter(601);
    assertThat(n1.view().role()).as("no quorum").isEqualTo(Role.FOLLOWER);
    n1.leadAll();
    beats(n1, PATIENCE - 4, "n2", "n3");
    assertThat(told(n1, "n3")).isZero();
    beats(n1, 6, "n2", "n3");
    assertThat(told(n1, "n3")).isEqualTo(1);
  }

  @Test
  void aTransferThatSomebodyAskedForIsNotDisturbed() {
    CoreDriver n1 = leader(3, priority("n3", 1));
    beats(n1, PATIENCE - 4, "n2", "n3");
    n1.transfer(1, "n2", 600_000);
    beats(n1, 2 * PATIENCE, "n2", "n3");
    assertThat(told(n1, "n3")).isZero();
    assertThat(told(n1, "n2")).isGreaterThan(1);
  }

  @Test
  void nothingIsHandedOverDuringAChangeOfMembersOrToALearner() {
    Configuration withLearner =
        new Configuration(
            new ClusterId(1, 2), CoreDriver.members(1, 3), List.of(), CoreDriver.members(4, 4));
    CoreDriver n1 =
        CoreDriver.recovered(withLearner, CoreDriver.SETTINGS, HardState.INITIAL).leadAll();
    prefer(n1, Map.of(NodeId.of("n3"), 1, NodeId.of("n4"), 9));
    beats(n1, PATIENCE - 4, "n2", "n3", "n4");
    n1.change(1, new MembershipChange.Promote(NodeId.of("n4")));
    n1.persist();
    n1.accept("n2", n1.view().lastIndex());
    n1.accept("n3", n1.view().lastIndex());
    // n4 does not catch up, so that the change goes on.
    beats(n1, PATIENCE, "n2", "n3");
    assertThat(told(n1, "n3") + told(n1, "n4")).isZero();
    n1.change(2, new MembershipChange.Cancel());
    n1.persist();
    n1.acceptAll();
    beats(n1, 2, "n2", "n3", "n4");
    assertThat(told(n1, "n3")).isEqualTo(1);
    assertThat(told(n1, "n4")).isZero();
  }

  /** Neither joint nor on its way to be, and yet a new leader would have to commit it first. */
  @Test
  void nothingIsHandedOverWhileAnAddressIsBeingCommitted() {
    CoreDriver n1 = leader(5, priority("n3", 1));
    beats(n1, PATIENCE - 4, "n2", "n3", "n4", "n5");
    n1.change(1, new MembershipChange.UpdateAddress(NodeId.of("n2"), new Address("moved", 7_002)));
    n1.persist();
    n1.accept("n3", n1.view().lastIndex());
    beats(n1, PATIENCE, "n2", "n3", "n4", "n5");
    assertThat(told(n1, "n3")).as("two of five have it").isZero();
    n1.accept("n4", n1.view().lastIndex());
    beats(n1, 2, "n2", "n3", "n4", "n5");
    assertThat(told(n1, "n3")).isEqualTo(1);
  }

  @Test
  void votesKnowNothingOfPriorities() {
    CoreDriver n1 = CoreDriver.voters(3);
    prefer(n1, priority("n3", 1));
    n1.stand().persist();
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }
}
