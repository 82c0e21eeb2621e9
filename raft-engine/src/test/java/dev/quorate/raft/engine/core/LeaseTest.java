package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.core.Effects.Completion.ReadReady;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leases (rule P9). The promise is 300 ms, of which 225 ms are relied upon. */
class LeaseTest {

  private static final long PROMISE = 300 * MILLI;

  // On the leader

  @Test
  @Tag("pitfall-37")
  void aLeaseIsCountedFromTheSendingOfWhatAQuorumPromisedUponAndLessThanThePromise() {
    CoreDriver n1 = leader(3);
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    assertThat(beat.promiseNanos()).isEqualTo(PROMISE);
    n1.pass(100);
    answer(n1, "n2", beat, PROMISE);
    n1.pass(124);
    assertThat(readsAtOnce(n1, 7)).isTrue();
    n1.pass(1);
    assertThat(readsAtOnce(n1, 8)).isFalse();
  }

  @Test
  void withoutALeaseAReadAsksAQuorum() {
    CoreDriver n1 = leader(3);
    n1.read(7, ReadConsistency.LEASE);
    assertThat(n1.takeCompletions()).isEmpty();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    answer(n1, "n2", beat, PROMISE);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
    assertThat(readsAtOnce(n1, 8)).as("that round brought a lease").isTrue();
  }

  @Test
  void whoPromisesLessOrNothingCountsForThatMuch() {
    CoreDriver n1 = leader(5);
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    answer(n1, "n2", beat, PROMISE);
    answer(n1, "n3", beat, 0);
    assertThat(readsAtOnce(n1, 7)).isFalse();
    answer(n1, "n4", beat, 100 * MILLI);
    n1.pass(74);
    assertThat(readsAtOnce(n1, 8)).as("the quorum's minimum").isTrue();
    n1.pass(1);
    assertThat(readsAtOnce(n1, 9)).isFalse();
  }

  @Test
  void bothHalvesOfAJointConfigurationMustPromise() {
    CoreDriver n1 = leader(5);
    n1.change(
        1,
        new MembershipChange.Remove(NodeId.of("n4")),
        new MembershipChange.Remove(NodeId.of("n5")));
    assertThat(n1.view().configuration().isJoint()).isTrue();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    answer(n1, "n2", beat, PROMISE);
    assertThat(readsAtOnce(n1, 7)).as("n1 and n2 are two of three, but also of five").isFalse();
    answer(n1, "n4", beat, PROMISE);
    assertThat(readsAtOnce(n1, 8)).isTrue();
  }

  @Test
  void aNewLeaderHasNoLeaseBeforeAnEntryOfItsTermIsCommitted() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3)).lead();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    n1.deliver(
        "n2", new HeartbeatResponse(1, beat.round(), 1, 1, true, beat.sentNanos(), 0, PROMISE));
    assertThat(readsAtOnce(n1, 7)).isFalse();
    n1.deliver("n2", new AppendAccepted(1, 2, false, true));
    n1.takeCompletions();
    assertThat(readsAtOnce(n1, 8)).isTrue();
  }

  @Test
  @Tag("pitfall-37")
  void whoHasToldSomebodyToStandHasNoLeaseForTheRestOfItsTerm() {
    CoreDriver n1 = leader(3);
    hold(n1);
    assertThat(readsAtOnce(n1, 7)).isTrue();
    n1.transfer(1, "n3", 100);
    assertThat(readsAtOnce(n1, 8)).isFalse();
    n1.wakeAfter(100);
    assertThat(n1.view().role()).as("the transfer failed").isEqualTo(Role.LEADER);
    n1.forgetSent();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    assertThat(beat.promiseNanos()).isZero();
    answer(n1, "n2", beat, PROMISE);
    n1.takeCompletions();
    assertThat(readsAtOnce(n1, 9)).isFalse();
  }

  @Test
  void withLeasesOffNothingIsAskedAndNothingGiven() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    assertThat(beat.promiseNanos()).isZero();
    answer(n1, "n2", beat, PROMISE);
    assertThat(readsAtOnce(n1, 7)).isFalse();
    CoreDriver n2 = CoreDriver.voters(3);
    assertThat(promised(n2)).isZero();
  }

  @Test
  void onAFollowerItIsALinearizableRead() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3)).follow("n2", 1);
    n1.read(7, ReadConsistency.LEASE);
    assertThat(n1.take("n2", ReadIndexRequest.class)).hasSize(1);
  }

  @Test
  void aLeaseEndsWhenItIsSwitchedOffAndComesBackOnlyByNewPromises() {
    CoreDriver n1 = leader(3);
    hold(n1);
    leases(n1, false);
    assertThat(readsAtOnce(n1, 7)).isFalse();
    n1.forgetSent();
    n1.beat();
    assertThat(n1.takeOne("n2", Heartbeat.class).promiseNanos()).isZero();
    n1.pass(225);
    leases(n1, true);
    assertThat(readsAtOnce(n1, 8)).isFalse();
  }

  @Test
  void aLeaderThatHasSwitchedItOnTrustsNobodyWhoHasNot() {
    CoreDriver n1 = leader(3);
    n1.beat();
    answer(n1, "n2", n1.takeOne("n2", Heartbeat.class), 0);
    answer(n1, "n3", n1.takeOne("n3", Heartbeat.class), 0);
    assertThat(readsAtOnce(n1, 7)).isFalse();
  }

  // The voter

  @Test
  void aPromiseIsKeptThoughLeasesAreSwitchedOff() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3));
    promised(n1);
    leases(n1, false);
    n1.deliver("n3", new VoteResponse(5, false, false));
    n1.persist();
    n1.pass(299);
    assertThat(votes(n1, false)).isFalse();
    n1.pass(1);
    assertThat(votes(n1, false)).isTrue();
  }

  @Test
  void aPromiseIsKeptThoughTheLeaderIsForgotten() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3));
    assertThat(promised(n1)).isEqualTo(PROMISE);
    n1.deliver("n3", new VoteResponse(5, false, false));
    assertThat(n1.view().leader()).as("a higher term came").isEmpty();
    n1.persist();
    n1.pass(299);
    assertThat(votes(n1, false)).isFalse();
    n1.pass(1);
    assertThat(votes(n1, false)).isTrue();
  }

  @Test
  void aTransferSetsThePromiseAside() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3));
    promised(n1);
    assertThat(votes(n1, true)).isTrue();
  }

  @Test
  void aSignThatTheLeaderIsGoneSetsNothingAside() {
    CoreDriver n1 = withLeases(CoreDriver.voters(3));
    promised(n1);
    n1.turn((core, now, out) -> core.onPeerGone(NodeId.of("n2"), now, out));
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));
    assertThat(votes(n1, false)).isFalse();
  }

  @Test
  void whoWasRestartedGrantsNothingForOnePromise() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.turn((core, now, out) -> core.onRestarted(now));
    n1.pass(299);
    assertThat(votes(n1, false)).isFalse();
    n1.pass(1);
    assertThat(votes(n1, false)).isTrue();
  }

  private static CoreDriver withLeases(CoreDriver n1) {
    return leases(n1, true);
  }

  private static CoreDriver leases(CoreDriver n1, boolean on) {
    n1.turn((core, now, out) -> core.onSettings(new ClusterSettings(1, 0, 0, 0, 0, on)));
    return n1;
  }

  private static CoreDriver leader(int voters) {
    return withLeases(CoreDriver.voters(voters)).leadAll();
  }

  private static void hold(CoreDriver n1) {
    n1.beat();
    answer(n1, "n2", n1.takeOne("n2", Heartbeat.class), PROMISE);
    n1.forgetSent();
  }

  private static boolean readsAtOnce(CoreDriver n1, long number) {
    n1.read(number, ReadConsistency.LEASE);
    return n1.takeCompletions().stream().anyMatch(end -> end.number() == number);
  }

  private static void answer(CoreDriver n1, String from, Heartbeat beat, long promised) {
    n1.deliver(
        from,
        new HeartbeatResponse(
            beat.term(),
            beat.round(),
            beat.matchIndex(),
            beat.matchIndex(),
            true,
            beat.sentNanos(),
            0,
            promised));
  }

  /** What a voter promises the leader n2 that asks for the usual. */
  private static long promised(CoreDriver n1) {
    n1.deliver("n2", new Heartbeat(1, 1, 0, 1, 0, Freshness.NONE, PROMISE, Optional.empty()));
    n1.persist();
    return n1.takeOne("n2", HeartbeatResponse.class).promisedNanos();
  }

  private static boolean votes(CoreDriver n1, boolean transfer) {
    n1.deliver("n3", new VoteRequest(n1.view().term() + 1, false, transfer, 9, 9));
    n1.persist();
    return n1.takeOne("n3", VoteResponse.class).granted();
  }
}
