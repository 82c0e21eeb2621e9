package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.members;
import static dev.quorate.raft.engine.core.CoreDriver.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.Completion.ReadReady;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.ReadIndexRequest;
import dev.quorate.raft.engine.message.Message.ReadIndexResponse;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReadsTest {

  // By the node alone

  @Test
  void aReadOfAtLeastAnIndexWaitsForThisNodeAloneToApplyIt() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7, ReadConsistency.atLeast(3));
    n1.read(8, ReadConsistency.atLeast(1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(8, 1));
    n1.append("n2", 1, 1, 0, 2, entries(2, 3, 1));
    n1.persist();
    assertThat(n1.takeCompletions()).isEmpty();
    n1.heartbeat("n2", 1, 3, 3, 2);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 3));
    assertThat(n1.take("n2", ReadIndexRequest.class)).isEmpty();
  }

  @Test
  void aReadOfAnIndexThatDoesNotComeEndsAtItsDeadlineAndSaysHowFarTheNodeIs() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7, ReadConsistency.atLeast(99));
    n1.turn((core, now, out) -> core.onReadDeadline(7, now, out));
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.ReadRefused(
                7, RejectReason.TIMED_OUT, "this node has applied up to 2, not yet 99"));
  }

  @Test
  void aReadOfAtLeastAnIndexSurvivesAChangeOfLeaderAndTheLackOfOne() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7, ReadConsistency.atLeast(2));
    n1.timeOut();
    n1.follow("n3", 2);
    n1.append("n3", 2, 1, 0, 2, entries(2, 2, 2));
    n1.persist();
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  // On the leader

  @Test
  void aReadSendsARoundAtOnceAndIsConfirmedByAQuorumsAnswers() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    assertThat(n1.takeOne("n2", Heartbeat.class).round()).isEqualTo(1);
    assertThat(n1.takeOne("n3", Heartbeat.class).round()).isEqualTo(1);
    assertThat(n1.takeCompletions()).isEmpty();
    answer(n1, "n3", 1);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
    answer(n1, "n2", 1);
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void ofFiveTwoOthersMustConfirm() {
    CoreDriver n1 = CoreDriver.voters(5).leadAll();
    n1.read(7);
    answer(n1, "n3", 1);
    answer(n1, "n3", 1);
    assertThat(n1.takeCompletions()).isEmpty();
    answer(n1, "n4", 1);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  void aSingleVoterConfirmsItsReadsAlone() {
    CoreDriver n1 = CoreDriver.voters(1).lead();
    n1.read(7);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  @Tag("pitfall-38")
  void bothHalvesOfAJointConfigurationMustConfirmAndALearnerConfirmsNothing() {
    Configuration before =
        new Configuration(new ClusterId(1, 2), members(1, 5), List.of(), members(6, 6));
    CoreDriver n1 = CoreDriver.recovered(before, CoreDriver.SETTINGS, HardState.INITIAL).leadAll();
    n1.change(6, new Demote(NodeId.of("n2")), new Demote(NodeId.of("n3")));
    assertThat(n1.view().configuration().isJoint()).isTrue();
    n1.read(7);
    answer(n1, "n2", 1);
    answer(n1, "n3", 1);
    answer(n1, "n6", 1);
    assertThat(n1.takeCompletions()).isEmpty();
    answer(n1, "n4", 1);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  @Tag("pitfall-36")
  void answersToARoundThatWasUnderWayBeforeTheReadDoNotConfirmIt() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    n1.read(7);
    answer(n1, "n2", 1);
    answer(n1, "n3", 1);
    assertThat(n1.takeCompletions()).isEmpty();
    answer(n1, "n2", 2);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  void aReadThatComesDuringARoundWaitsForTheNextOne() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    n1.read(8);
    n1.read(9);
    answer(n1, "n2", 1);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
    answer(n1, "n3", 1);
    assertThat(n1.takeCompletions()).isEmpty();
    answer(n1, "n3", 2);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(8, 2), new ReadReady(9, 2));
  }

  @Test
  void acknowledgementsOfEntriesConfirmNoRead() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    n1.acceptAll();
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  @Tag("pitfall-35")
  void aReadOfANewLeaderWaitsForAnEntryOfItsOwnTermToBeCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.read(7);
    n1.beat();
    n1.deliver("n2", new HeartbeatResponse(1, 1, 1, 1, true));
    n1.deliver("n3", new HeartbeatResponse(1, 1, 1, 1, true));
    assertThat(n1.takeCompletions()).isEmpty();
    n1.accept("n2", 2);
    assertThat(n1.takeCompletions()).as("a round of its own").isEmpty();
    answer(n1, "n2", 2);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  void aConfirmedReadWaitsUntilItsIndexIsApplied() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.holdApplies();
    n1.command(1);
    n1.persist();
    n1.accept("n2", 3);
    n1.read(7);
    answer(n1, "n2", 1);
    assertThat(n1.takeCompletions()).isEmpty();
    n1.applied(3);
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 3));
  }

  /**
   * n1 asks in term 1, n2 has gone on to term 2 and says so; n1 comes to lead term 2 in the
   * meantime. What n2 said about the round of term 1 must not confirm a read of term 2.
   */
  @Test
  void theAnswerToAnOldTermsHeartbeatNamesNoRound() {
    CoreDriver n2 = CoreDriver.voters(3).follow("n3", 2);
    n2.heartbeat("n2", 1, 1, 0, 40);
    HeartbeatResponse late = n2.takeOne("n2", HeartbeatResponse.class);
    assertThat(late).isEqualTo(new HeartbeatResponse(2, 0, 0, 0, true));

    CoreDriver n1 = CoreDriver.voters(3).follow("n3", 1).leadAll();
    assertThat(n1.view().term()).isEqualTo(2);
    n1.read(7);
    n1.deliver("n2", late);
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void roundsOfAnOldTermDoNotCountInTheNew() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    for (int i = 0; i < 5; i++) {
      n1.beat();
      n1.answerHeartbeats("n2", "n3");
    }
    n1.wakeAfter(601);
    n1.leadAll();
    n1.read(7);
    n1.deliver("n2", new HeartbeatResponse(1, 9, 2, 2, true));
    assertThat(n1.takeCompletions()).isEmpty();
    assertThat(n1.takeOne("n2", Heartbeat.class).round()).isEqualTo(1);
  }

  @Test
  void anAnswerOfAnotherDiskConfirmsNothing() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    n1.deliver(new Peer(NodeId.of("n2"), 999, 1), new HeartbeatResponse(1, 1, 2, 2, true));
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void aReadUnderWayWhenTheLeadershipIsLostIsAskedOfTheNextLeader() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.read(7);
    n1.read(8);
    n1.deliver("n3", new ReadIndexRequest(4));
    n1.follow("n2", 2);
    n1.deliver("n2", new Heartbeat(2, 1, 0, 1, 0, Freshness.NONE));
    assertThat(n1.take("n3", ReadIndexResponse.class)).isEmpty();
    n1.pass(100);
    n1.wake();
    ReadIndexRequest again = n1.takeOne("n2", ReadIndexRequest.class);
    n1.deliver("n2", response(n1, again.number(), 2));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2), new ReadReady(8, 2));
  }

  @Test
  void aFollowersRequestIsAnsweredToTheBootThatAskedOnceConfirmed() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.deliver("n2", new ReadIndexRequest(4));
    assertThat(n1.take("n2", ReadIndexResponse.class)).isEmpty();
    answer(n1, "n3", 1);
    assertThat(n1.takeOne("n2", ReadIndexResponse.class))
        .isEqualTo(new ReadIndexResponse(peer("n2").boot(), 4, 2, Optional.empty()));
  }

  @Test
  void whoDoesNotLeadRefusesToGiveAReadIndex() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.deliver("n3", new ReadIndexRequest(4));
    assertThat(n1.takeOne("n3", ReadIndexResponse.class))
        .isEqualTo(
            new ReadIndexResponse(peer("n3").boot(), 4, 0, Optional.of(RejectReason.NO_LEADER)));
  }

  @Test
  void requestsForReadIndexesAreBounded() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    for (int number = 1; number <= 8; number++) {
      n1.deliver("n2", new ReadIndexRequest(number));
    }
    assertThat(n1.take("n2", ReadIndexResponse.class)).isEmpty();
    n1.deliver("n2", new ReadIndexRequest(9));
    assertThat(n1.takeOne("n2", ReadIndexResponse.class).refusal())
        .contains(RejectReason.OVER_LIMIT);
  }

  @Test
  void moreReadsThanMayWaitAreOverTheLimit() {
    CoreDriver n1 = CoreDriver.voters(3);
    for (int number = 1; number <= 5; number++) {
      n1.read(number);
    }
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.ReadRefused(5, RejectReason.OVER_LIMIT, "4 reads wait already"));
  }

  // On a follower

  @Test
  void aFollowerAsksItsLeaderOnceForAllReadsThatWait() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.read(7);
    n1.read(8);
    assertThat(n1.sent()).isEmpty();
    n1.heartbeat("n2", 1, 1, 0, 1);
    ReadIndexRequest request = n1.takeOne("n2", ReadIndexRequest.class);
    n1.read(9);
    assertThat(n1.take("n2", ReadIndexRequest.class)).isEmpty();
    n1.deliver("n2", response(n1, request.number(), 1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 1), new ReadReady(8, 1));
    ReadIndexRequest next = n1.takeOne("n2", ReadIndexRequest.class);
    assertThat(next.number()).as("numbers rise").isGreaterThan(request.number());
  }

  @Test
  @Tag("pitfall-36")
  void theAnswerToAnEarlierRequestDoesNotConfirmALaterRead() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    ReadIndexRequest first = n1.takeOne("n2", ReadIndexRequest.class);
    n1.deliver("n2", response(n1, first.number(), 1));
    n1.takeCompletions();
    n1.read(8);
    n1.deliver("n2", response(n1, first.number(), 1));
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void anAnswerToAnEarlierBootConfirmsNothing() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    long number = n1.takeOne("n2", ReadIndexRequest.class).number();
    n1.deliver("n2", new ReadIndexResponse(n1.self().boot() - 1, number, 1, Optional.empty()));
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void aFollowersReadWaitsUntilTheIndexIsAppliedHere() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    n1.deliver("n2", response(n1, n1.takeOne("n2", ReadIndexRequest.class).number(), 3));
    assertThat(n1.takeCompletions()).isEmpty();
    n1.append("n2", 1, 1, 0, 3, entries(2, 3, 1));
    assertThat(n1.takeCompletions()).as("committed, not durable here").isEmpty();
    n1.persist();
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 3));
  }

  @Test
  void withoutAnAnswerOrWithARefusalTheLeaderIsAskedAgainAndAnyAnswerWillDo() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    long first = n1.takeOne("n2", ReadIndexRequest.class).number();
    n1.deliver(
        "n2",
        new ReadIndexResponse(n1.self().boot(), first, 0, Optional.of(RejectReason.NO_LEADER)));
    assertThat(n1.take("n2", ReadIndexRequest.class)).isEmpty();
    assertThat(n1.takeCompletions()).isEmpty();
    assertThat(n1.nextWakeUp() - n1.now().nanos()).isEqualTo(100 * MILLI);
    n1.wake();
    long second = n1.takeOne("n2", ReadIndexRequest.class).number();
    assertThat(second).isGreaterThan(first);
    n1.deliver("n2", response(n1, first, 1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 1));
  }

  @Test
  void anAnswerOfTheLastLeaderDoesNotConfirmWhatWasAskedOfTheNext() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    long first = n1.takeOne("n2", ReadIndexRequest.class).number();
    n1.heartbeat("n3", 2, 1, 0, 1);
    long second = n1.takeOne("n3", ReadIndexRequest.class).number();
    n1.deliver("n2", response(n1, first, 1));
    assertThat(n1.takeCompletions()).isEmpty();
    n1.deliver("n3", response(n1, second, 1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 1));
  }

  @Test
  void aDeadlineRefusesAReadOnceAndALateConfirmationIsIgnored() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.read(7);
    long request = n1.takeOne("n2", ReadIndexRequest.class).number();
    deadline(n1, 7);
    assertThat(reasons(n1)).containsExactly(RejectReason.TIMED_OUT);
    deadline(n1, 7);
    n1.deliver("n2", response(n1, request, 1));
    assertThat(n1.takeCompletions()).isEmpty();

    CoreDriver alone = CoreDriver.voters(3);
    alone.read(8);
    deadline(alone, 8);
    assertThat(reasons(alone)).containsExactly(RejectReason.NO_LEADER);
    alone.heartbeat("n2", 1, 1, 0, 1);
    assertThat(alone.take("n2", ReadIndexRequest.class)).isEmpty();
  }

  private static void answer(CoreDriver n1, String from, long round) {
    long match = n1.progress(from).matchIndex();
    n1.deliver(from, new HeartbeatResponse(n1.view().term(), round, match, match, true));
  }

  private static ReadIndexResponse response(CoreDriver n1, long number, long index) {
    return new ReadIndexResponse(n1.self().boot(), number, index, Optional.empty());
  }

  private static void deadline(CoreDriver n1, long number) {
    n1.turn((core, now, out) -> core.onReadDeadline(number, now, out));
  }

  private static List<RejectReason> reasons(CoreDriver n1) {
    return n1.takeCompletions().stream()
        .map(end -> ((Completion.ReadRefused) end).reason())
        .toList();
  }
}
