package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.members;
import static dev.quorate.raft.engine.core.CoreDriver.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.TransferOutcome.Reason;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransferTest {

  @Test
  void aTargetThatHasEverythingIsToldToStandAtOnce() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    assertThat(n1.takeOne("n2", TimeoutNow.class)).isEqualTo(new TimeoutNow(1));
    assertThat(n1.take("n3", TimeoutNow.class)).isEmpty();
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void aTargetThatLagsIsToldOnlyWhenItHasCaughtUp() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    n1.accept("n3", 3);
    n1.transfer(9, "n2", 1_000);
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
    n1.accept("n2", 3);
    assertThat(n1.take("n2", TimeoutNow.class)).hasSize(1);
  }

  @Test
  void theTransferEndsWhenTheTargetLeadsAndHeldCommandsGoToIt() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.command(7);
    assertThat(n1.view().lastIndex()).as("held").isEqualTo(2);
    n1.deliver("n2", new VoteRequest(2, false, true, 2, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", VoteResponse.class).granted()).isTrue();
    assertThat(n1.takeCompletions()).isEmpty();
    n1.heartbeat("n2", 2, 2, 2, 1);
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(1, new TransferOutcome.Transferred(NodeId.of("n2"), 2)));
    assertThat(n1.takeOne("n2", ForwardCommand.class).number()).isEqualTo(7);
    n1.command(8);
    assertThat(n1.takeOne("n2", ForwardCommand.class).number()).isEqualTo(8);
  }

  @Test
  void anotherLeaderThanTheTargetFailsTheTransferAndGetsTheHeldCommands() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.command(7);
    n1.heartbeat("n3", 2, 2, 2, 1);
    assertFailed(n1, 1, Reason.ANOTHER_ELECTED, "n3 was elected instead");
    assertThat(n1.takeOne("n3", ForwardCommand.class).number()).isEqualTo(7);
  }

  @Test
  void whatALeaderAppendsOfItselfWaitsUntilTheTransferIsOver() {
    Configuration joint =
        new Configuration(new ClusterId(1, 2), members(1, 3), members(1, 4), List.of());
    CoreDriver n1 = CoreDriver.recovered(joint, CoreDriver.SETTINGS, HardState.INITIAL);
    n1.turn((core, now, out) -> core.seed(new ClusterSettings(1, 1, 1, 1, 1_000, false)));
    n1.lead();
    n1.transfer(1, "n2", 500);
    n1.acceptAll();
    assertThat(n1.view().appliedIndex()).isEqualTo(2);
    assertThat(n1.take("n2", TimeoutNow.class)).hasSize(1);
    assertThat(n1.view().lastIndex()).as("nothing behind what the target has").isEqualTo(2);

    n1.wakeAfter(500);
    assertFailed(n1, 1, Reason.TIMED_OUT, "n2 did not take over before the deadline");
    assertThat(n1.view().lastIndex()).as("the end of the change, and settings").isEqualTo(4);
  }

  @Test
  @Tag("pitfall-33")
  @Tag("pitfall-34")
  void theTargetDiesAndAfterTheDeadlineTheLeaderGoesOn() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 500);
    n1.command(7);
    for (int i = 0; i < 9; i++) {
      n1.beat();
      n1.answerHeartbeats("n3");
    }
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    assertThat(n1.takeCompletions()).isEmpty();
    n1.wakeAfter(50);
    assertFailed(n1, 1, Reason.TIMED_OUT, "n2 did not take over before the deadline");
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    n1.persist();
    n1.accept("n3", 3);
    assertThat(n1.applies().get(2).origin()).contains(new Origin.Local(7));
    n1.transfer(2, "n3", 500);
    assertThat(n1.take("n3", TimeoutNow.class)).as("another may follow").hasSize(1);
  }

  @Test
  void theDeadlineIsAReasonToWakeUp() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    n1.transfer(1, "n2", 20);
    assertThat(n1.nextWakeUp() - n1.now().nanos()).isEqualTo(20 * CoreDriver.MILLI);
  }

  @Test
  void aLostTimeoutNowIsRepeatedAfterAnElectionTimeout() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.take("n2", TimeoutNow.class);
    n1.wakeAfter(299);
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
    n1.wakeAfter(1);
    assertThat(n1.take("n2", TimeoutNow.class)).hasSize(1);
  }

  @Test
  void forwardsAreHeldTooAndTakenIfTheLeaderGoesOn() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 100);
    ForwardCommand forward =
        new ForwardCommand(1, n1.self().boot(), 4, Proposal.command(ByteBuffer.allocate(1)));
    n1.deliver("n3", forward);
    n1.deliver("n3", forward);
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    n1.wakeAfter(100);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    n1.persist();
    n1.accept("n3", 3);
    assertThat(n1.applies().get(2).origin()).contains(new Origin.Remote(peer("n3"), 4));
  }

  @Test
  void heldForwardsAreRejectedWhenTheTargetLeads() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.deliver(
        "n3", new ForwardCommand(1, n1.self().boot(), 4, Proposal.command(ByteBuffer.allocate(1))));
    n1.heartbeat("n2", 2, 2, 2, 1);
    Outcome outcome = n1.takeOne("n3", ForwardResult.class).outcome();
    assertThat(((Outcome.Rejected) outcome).reason()).isEqualTo(RejectReason.TRANSFERRING);
    assertThat(n1.take("n2", ForwardCommand.class)).as("forwarded once").isEmpty();
  }

  @Test
  void aHeldForwardIsNotTakenInALaterTerm() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 60_000);
    n1.deliver(
        "n3", new ForwardCommand(1, n1.self().boot(), 4, Proposal.command(ByteBuffer.allocate(1))));
    n1.wakeAfter(601);
    n1.lead();
    assertThat(n1.view().lastIndex()).as("the no-op alone").isEqualTo(3);
  }

  @Test
  void aTargetThatDoesNotAnswerFailsTheTransferBeforeItsDeadline() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    n1.transfer(1, "n2", 60_000);
    for (int i = 0; i < 13; i++) {
      n1.pass(50);
      n1.deliver("n3", new HeartbeatResponse(1, 1, 2, 2, true));
    }
    assertFailed(n1, 1, Reason.NO_ANSWER, "n2 does not answer");
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void aHeldCommandWhoseDeadlinePassesWasNeverHandedOver() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.command(7);
    n1.turn((core, now, out) -> core.onCommandDeadline(7, now, out));
    Completion.Command end = (Completion.Command) n1.takeCompletions().get(0);
    assertThat(((Outcome.Rejected) end.outcome()).reason()).isEqualTo(RejectReason.TRANSFERRING);
    n1.heartbeat("n2", 2, 2, 2, 1);
    assertThat(n1.take("n2", ForwardCommand.class)).isEmpty();
  }

  @Test
  void readsGoOnDuringATransfer() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.read(7);
    n1.deliver("n3", new HeartbeatResponse(1, 1, 2, 2, true));
    assertThat(n1.takeCompletions()).containsExactly(new Completion.ReadReady(7, 2));
  }

  @Test
  void whereNobodyWasChosenWhoeverLeadsHasTakenOver() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    toBest(n1, 1, true, 1_000);
    n1.takeOne("n2", TimeoutNow.class);
    n1.heartbeat("n3", 2, 2, 2, 1);
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(1, new TransferOutcome.Transferred(NodeId.of("n3"), 2)));
  }

  @Test
  void aLeaderThatLosesItsQuorumDuringATransferStepsDownAndTheTransferFailsByItsDeadline() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    n1.wakeAfter(601);
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    n1.wakeAfter(400);
    assertFailed(n1, 1, Reason.TIMED_OUT, "n2 did not take over before the deadline");
  }

  @Test
  void aLeaderThatIsElectedAgainServesAgain() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 60_000);
    n1.command(7);
    n1.wakeAfter(601);
    n1.lead();
    assertFailed(n1, 1, Reason.ANOTHER_ELECTED, "n1 was elected instead");
    assertThat(n1.view().lastIndex()).as("no-op and the held command").isEqualTo(4);
  }

  @Test
  @Tag("pitfall-33")
  @Tag("pitfall-34")
  void onlyALeaderHandsOverOnlyToAnotherVoterAndOnlyOnceAtATime() {
    CoreDriver follower = CoreDriver.voters(3).follow("n2", 1);
    follower.transfer(1, "n3", 1_000);
    assertFailed(
        follower, 1, Reason.NOT_LEADER, "this node does not lead; as far as it knows, n2 does");

    Configuration withLearner =
        new Configuration(new ClusterId(1, 2), members(1, 3), List.of(), members(4, 4));
    CoreDriver n1 =
        CoreDriver.recovered(withLearner, CoreDriver.SETTINGS, HardState.INITIAL).leadAll();
    n1.transfer(2, "n4", 1_000);
    assertFailed(n1, 2, Reason.NOT_A_VOTER, "n4 is no voter of this group");
    n1.transfer(3, "n9", 1_000);
    assertFailed(n1, 3, Reason.NOT_A_VOTER, "n9 is no voter of this group");
    assertThat(n1.sent()).isEmpty();
    n1.command(7);
    assertThat(n1.view().lastIndex()).as("nothing is held").isEqualTo(3);

    n1.acceptAll();
    n1.transfer(4, "n2", 1_000);
    n1.transfer(5, "n3", 1_000);
    assertFailed(n1, 5, Reason.UNDER_WAY, "a transfer to n2 is under way");
    assertThat(n1.take("n3", TimeoutNow.class)).isEmpty();
  }

  @Test
  void aTransferToTheLeaderItselfIsDoneAtOnceAndHoldsNothing() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n1", 1_000);
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(1, new TransferOutcome.Transferred(NodeId.of("n1"), 1)));
    n1.command(7);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
  }

  // Before the end of the node (rule P19)

  private static boolean isHandingOver(CoreDriver n1) {
    boolean[] answer = new boolean[1];
    n1.turn((core, now, out) -> answer[0] = core.isHandingOver());
    return answer[0];
  }

  private static void close(CoreDriver n1) {
    n1.turn((core, now, out) -> core.onClosing(now, out));
  }

  @Test
  void aLeaderThatClosesHandsOverToTheVoterThatHasMost() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.accept("n3", 3);
    close(n1);
    assertThat(n1.takeOne("n3", TimeoutNow.class).term()).isEqualTo(1);
    assertThat(isHandingOver(n1)).isTrue();
    n1.deliver(peer("n3"), new VoteRequest(2, false, true, 3, 1));
    assertThat(isHandingOver(n1)).as("until somebody leads").isTrue();
    n1.heartbeat("n3", 2, 2, 2, 1);
    assertThat(isHandingOver(n1)).isFalse();
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void aLeaderThatClosesWaitsOneElectionTimeoutAtMost() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    close(n1);
    for (int beat = 0; beat < 11; beat++) {
      n1.beat();
      n1.answerHeartbeats("n2", "n3");
    }
    assertThat(isHandingOver(n1)).isTrue();
    n1.wakeAfter(50);
    assertThat(isHandingOver(n1)).isFalse();
  }

  @Test
  void whereNobodyCanTakeOverNothingIsHandedOver() {
    CoreDriver follower = CoreDriver.voters(3).follow("n2", 1);
    close(follower);
    assertThat(isHandingOver(follower)).isFalse();
    CoreDriver alone = CoreDriver.voters(1).lead();
    close(alone);
    assertThat(isHandingOver(alone)).isFalse();
    CoreDriver deserted = CoreDriver.voters(3).leadAll();
    deserted.pass(601);
    close(deserted);
    assertThat(isHandingOver(deserted)).isFalse();
    assertThat(deserted.take("n2", TimeoutNow.class)).isEmpty();
  }

  @Test
  void twoCoresHandOverWithinOneRoundTrip() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.transfer(1, "n2", 1_000);
    CoreDriver n2 = CoreDriver.voters(3);
    n2.append("n3", 1, 1, 0, 2, CoreDriver.entry(2, 1));
    n2.persist();
    n2.forgetSent();
    n2.deliver("n3", n1.takeOne("n2", TimeoutNow.class));
    n2.persist();
    VoteRequest request = n2.takeOne("n3", VoteRequest.class);
    n1.deliver(peer("n2"), request);
    n1.persist();
    n2.deliver("n3", n1.takeOne("n2", VoteResponse.class));
    assertThat(n2.view().role()).isEqualTo(Role.LEADER);
    n2.wake();
    assertThat(n2.takeOne("n3", Heartbeat.class).term()).isEqualTo(2);
  }

  @Test
  @Tag("pitfall-33")
  void aTargetThatIsFurtherBehindThanWhatIsInMemoryIsRefused() {
    CoreSettings s = CoreDriver.SETTINGS;
    CoreSettings forgetful =
        new CoreSettings(
            s.heartbeatNanos(),
            s.electionMinNanos(),
            s.electionMaxNanos(),
            s.maxBatchBytes(),
            s.maxInFlightBytes(),
            s.maxUncommittedBytes(),
            s.maxWaitingCalls(),
            200,
            s.maxUnforcedBytes());
    CoreDriver n1 = CoreDriver.voters(3, forgetful).leadAll();
    for (int i = 1; i <= 5; i++) {
      n1.command(i);
      n1.persist();
      n1.accept("n3", 2 + i);
    }
    n1.takeCompletions();
    n1.transfer(9, "n2", 1_000);
    assertFailed(
        n1,
        9,
        Reason.BEHIND,
        "n2 has the log up to 2 of 7, which is further behind than what is held in memory");
    n1.transfer(10, "n3", 1_000);
    assertThat(n1.take("n3", TimeoutNow.class)).hasSize(1);
  }

  @Test
  void aTargetOfWhichNothingIsKnownIsWaitedForOneElectionTimeoutAtMost() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.accept("n3", n1.view().lastIndex());
    n1.transfer(1, "n2", 60_000);
    for (int i = 0; i < 12; i++) {
      assertThat(n1.takeCompletions()).isEmpty();
      n1.pass(50);
      n1.deliver("n2", new HeartbeatResponse(n1.view().term(), 1, 0, 0, true));
    }
    assertFailed(
        n1,
        1,
        Reason.BEHIND,
        "n2 has not said for an election timeout where its log agrees with this one");
  }

  // To the best, and stepping down

  @Test
  void theBestIsWhoHasMostOfThoseThatAnswer() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    n1.accept("n3", 3);
    toBest(n1, 9, false, 1_000);
    assertThat(n1.take("n3", TimeoutNow.class)).hasSize(1);
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
  }

  @Test
  void whereThereIsNobodyToLeadInstead() {
    CoreDriver alone = CoreDriver.voters(1).lead();
    toBest(alone, 1, false, 1_000);
    assertFailed(alone, 1, Reason.NO_CANDIDATE, "no other voter answers and has space on its disk");
    assertThat(alone.view().role()).isEqualTo(Role.LEADER);
    toBest(alone, 2, true, 1_000);
    assertFailed(alone, 2, Reason.NO_CANDIDATE, "no other voter answers and has space on its disk");
    assertThat(alone.view().role()).as("it steps down all the same").isEqualTo(Role.FOLLOWER);
  }

  @Test
  void whoStepsDownHandsOver() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    toBest(n1, 1, true, 1_000);
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    n1.heartbeat("n2", 2, 2, 2, 1);
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(1, new TransferOutcome.Transferred(NodeId.of("n2"), 2)));
  }

  @Test
  void whoStepsDownLeadsNoLongerAfterTheDeadlineWhateverTheOthersDo() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    toBest(n1, 1, true, 200);
    n1.command(7);
    n1.wakeAfter(200);
    assertFailed(n1, 1, Reason.TIMED_OUT, "n2 did not take over before the deadline");
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
    assertThat(n1.view().leader()).isEmpty();
    assertThat(n1.view().lastIndex()).as("what was held is for the next leader").isEqualTo(2);
    n1.timeOut();
    assertThat(n1.view().role()).as("it may be elected again").isEqualTo(Role.PRE_CANDIDATE);
    n1.heartbeat("n3", 2, 2, 2, 1);
    assertThat(n1.takeOne("n3", ForwardCommand.class).number()).isEqualTo(7);
  }

  @Test
  void aFollowerHasNothingToStepDownFrom() {
    CoreDriver follower = CoreDriver.voters(3).follow("n2", 1);
    toBest(follower, 1, true, 200);
    assertFailed(
        follower, 1, Reason.NOT_LEADER, "this node does not lead; as far as it knows, n2 does");
    assertThat(follower.view().leader()).contains(NodeId.of("n2"));
  }

  private static void toBest(CoreDriver n1, long number, boolean resigns, long millis) {
    n1.turn(
        (core, now, out) ->
            core.onTransferToBest(
                number, resigns, now.nanos() + millis * CoreDriver.MILLI, now, out));
  }

  private static void assertFailed(CoreDriver n1, long number, Reason reason, String message) {
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(number, new TransferOutcome.Failed(reason, message)));
  }
}
