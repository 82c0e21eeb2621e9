package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.ForwardCommand;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  @Test
  void aLeadersCommandIsAppliedForItsCaller() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(7);
    n1.persist();
    n1.accept("n2", 3);
    assertThat(n1.applies().get(2))
        .extracting(Effects.Apply::origin)
        .isEqualTo(Optional.of(new Origin.Local(7)));
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void aFollowersCommandGoesToItsLeaderOnceAndEndsAsTheLeaderSays() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 4);
    n1.command(7);
    ForwardCommand forward = n1.takeOne("n2", ForwardCommand.class);
    assertThat(forward.term()).isEqualTo(4);
    assertThat(forward.targetBoot()).isEqualTo(peer("n2").boot());
    assertThat(forward.number()).isEqualTo(7);
    n1.heartbeat("n2", 4, 1, 0, 2);
    assertThat(n1.take("n2", ForwardCommand.class)).isEmpty();

    Outcome applied = new Outcome.Applied(9, new byte[0]);
    n1.deliver("n2", new ForwardResult(n1.self().boot() - 1, 7, applied));
    n1.deliver("n2", new ForwardResult(n1.self().boot(), 8, applied));
    assertThat(n1.takeCompletions()).isEmpty();
    n1.deliver("n2", new ForwardResult(n1.self().boot(), 7, applied));
    n1.deliver("n2", new ForwardResult(n1.self().boot(), 7, applied));
    assertThat(n1.takeCompletions()).containsExactly(new Completion.Command(7, applied));
  }

  @Test
  void aCommandWithoutALeaderWaitsForOne() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.command(1);
    n1.command(2);
    assertThat(n1.sent()).isEmpty();
    n1.heartbeat("n3", 1, 1, 0, 1);
    assertThat(n1.take("n3", ForwardCommand.class))
        .extracting(ForwardCommand::number)
        .containsExactly(1L, 2L);
  }

  @Test
  void aCommandThatWaitsIsTakenByItsOwnNodeWhenThatComesToLead() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.command(1);
    n1.lead();
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    n1.accept("n2", 3);
    assertThat(n1.applies().get(2).origin()).contains(new Origin.Local(1));
  }

  @Test
  void aHandedOverCommandIsUnknownAsSoonAsTheConnectionToTheLeaderIsLost() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.command(7);
    n1.turn((core, now, out) -> core.onConnectionLost(NodeId.of("n3"), now, out));
    assertThat(n1.takeCompletions()).as("another peer's connection").isEmpty();
    n1.turn((core, now, out) -> core.onConnectionLost(NodeId.of("n2"), now, out));
    assertUnknown(n1, 7);
    assertThat(n1.view().leader()).contains(NodeId.of("n2"));
    n1.command(8);
    assertThat(n1.take("n2", ForwardCommand.class)).as("each once").hasSize(2);
  }

  @Test
  @Tag("pitfall-58")
  void aHandedOverCommandIsUnknownAsSoonAsTheLeaderIsLost() {
    CoreDriver timedOut = CoreDriver.voters(3).follow("n2", 1);
    timedOut.command(7);
    timedOut.timeOut();
    assertUnknown(timedOut, 7);

    CoreDriver newTerm = CoreDriver.voters(3).follow("n2", 1);
    newTerm.command(7);
    newTerm.heartbeat("n2", 2, 1, 0, 1);
    assertUnknown(newTerm, 7);
    assertThat(newTerm.take("n2", ForwardCommand.class)).as("never sent again").hasSize(1);

    CoreDriver newBoot = CoreDriver.voters(3).follow("n2", 1);
    newBoot.command(7);
    newBoot.deliver(
        new Peer(NodeId.of("n2"), 102, 9),
        new Message.Heartbeat(1, 1, 0, 2, 0, Message.Freshness.NONE));
    assertUnknown(newBoot, 7);

    CoreDriver voted = CoreDriver.voters(3).follow("n2", 1);
    voted.command(7);
    voted.deliver("n3", new VoteRequest(2, false, true, 1, 0));
    assertUnknown(voted, 7);
    voted.deliver("n2", new ForwardResult(voted.self().boot(), 7, new Outcome.Unknown("late")));
    assertThat(voted.takeCompletions()).as("ended once").isEmpty();
  }

  @Test
  @Tag("pitfall-55")
  void aForwardIsTakenOnceByNumberAndBoot() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    forward(n1, peer("n2"), 1, n1.self().boot(), 5);
    forward(n1, peer("n2"), 1, n1.self().boot(), 5);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    forward(n1, peer("n2"), 1, n1.self().boot(), 4);
    forward(n1, peer("n2"), 1, n1.self().boot(), 4);
    assertThat(n1.view().lastIndex()).as("late, but not twice").isEqualTo(4);
    forward(n1, peer("n3"), 1, n1.self().boot(), 5);
    forward(n1, new Peer(NodeId.of("n2"), 102, 9), 1, n1.self().boot(), 5);
    assertThat(n1.view().lastIndex()).isEqualTo(6);
    n1.persist();
    n1.accept("n3", 6);
    assertThat(n1.applies().get(2).origin()).contains(new Origin.Remote(peer("n2"), 5));
  }

  @Test
  void aForwardForAnotherTermOrBootOrToAFollowerIsDroppedInSilence() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    forward(n1, peer("n2"), 0, n1.self().boot(), 5);
    forward(n1, peer("n2"), 2, n1.self().boot(), 5);
    forward(n1, peer("n2"), 1, n1.self().boot() - 1, 5);
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    assertThat(n1.sent()).isEmpty();
    assertThat(n1.view().term()).isEqualTo(1);
    forward(n1, peer("n2"), 1, n1.self().boot(), 5);
    assertThat(n1.view().lastIndex()).as("what was dropped did not count").isEqualTo(3);

    CoreDriver follower = CoreDriver.voters(3).follow("n2", 1);
    forward(follower, peer("n3"), 1, follower.self().boot(), 5);
    assertThat(follower.sent()).isEmpty();
  }

  @Test
  @Tag("pitfall-58")
  void aCommandWhosePlaceWasTakenByAnotherTermIsRejectedOnceThatIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(7);
    forward(n1, peer("n3"), 1, n1.self().boot(), 5);
    n1.append("n2", 2, 2, 1, 2, entry(3, 2), entry(4, 2));
    n1.persist();
    assertThat(n1.takeCompletions()).as("truncated, not yet superseded").isEmpty();
    n1.append("n2", 2, 4, 2, 4);
    assertRejected(n1, 7, RejectReason.SUPERSEDED);
    ForwardResult result = n1.takeOne("n3", ForwardResult.class);
    assertThat(result.originBoot()).isEqualTo(peer("n3").boot());
    assertThat(result.number()).isEqualTo(5);
    assertThat(((Outcome.Rejected) result.outcome()).reason()).isEqualTo(RejectReason.SUPERSEDED);
    assertThat(n1.applies()).noneMatch(apply -> apply.origin().isPresent());
  }

  @Test
  void aCommandThatSurvivesTheLossOfLeadershipIsAppliedForItsCaller() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(7);
    n1.persist();
    n1.append("n2", 2, 3, 1, 3, entry(4, 2));
    n1.persist();
    assertThat(n1.applies().get(2).origin()).contains(new Origin.Local(7));
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void twoCommandsThatHadTheSameIndexInTwoTermsEndApart() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.command(6);
    n1.command(7);
    n1.append("n2", 2, 1, 0, 1, entry(2, 2));
    n1.persist();
    n1.lead();
    n1.command(8);
    n1.persist();
    assertThat(n1.view().lastIndex()).isEqualTo(4);
    n1.accept("n2", 4);
    assertThat(n1.takeCompletions())
        .extracting(Completion::number)
        .as("superseded")
        .containsExactly(6L, 7L);
    assertThat(n1.applies().get(3).origin()).contains(new Origin.Local(8));
  }

  @Test
  void aDeadlineRejectsWhatWasNeverHandedOverAndElseLeavesItUnknown() {
    CoreDriver n1 = CoreDriver.voters(3);
    n1.command(1);
    n1.turn((core, now, out) -> core.onCommandDeadline(1, now, out));
    assertRejected(n1, 1, RejectReason.NO_LEADER);
    n1.follow("n2", 1);
    assertThat(n1.take("n2", ForwardCommand.class)).isEmpty();
    n1.command(2);
    n1.turn((core, now, out) -> core.onCommandDeadline(2, now, out));
    assertUnknown(n1, 2);
    n1.timeOut();
    assertThat(n1.takeCompletions()).as("ended once").isEmpty();

    CoreDriver leader = CoreDriver.voters(3).leadAll();
    leader.command(3);
    leader.turn((core, now, out) -> core.onCommandDeadline(3, now, out));
    assertUnknown(leader, 3);
  }

  @Test
  void whyThereIsNoLeaderIsSaidInNumbers() {
    CoreDriver n1 = CoreDriver.voters(5);
    n1.deliver("n2", new VoteResponse(0, true, false));
    n1.command(1);
    n1.turn((core, now, out) -> core.onCommandDeadline(1, now, out));
    Completion.Command end = (Completion.Command) n1.takeCompletions().get(0);
    assertThat(((Outcome.Rejected) end.outcome()).message())
        .isEqualTo("no quorum: 2 of 5 nodes reachable, 3 needed");
  }

  @Test
  void moreCommandsThanMayWaitForALeaderAreOverTheLimit() {
    CoreDriver n1 = CoreDriver.voters(3);
    for (int number = 1; number <= 5; number++) {
      n1.command(number);
    }
    assertRejected(n1, 5, RejectReason.OVER_LIMIT);
  }

  @Test
  void moreUncommittedBytesThanAllowedAreOverTheLimitUntilSomeAreCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    for (int number = 1; number <= 50; number++) {
      n1.command(number);
    }
    assertThat(n1.takeCompletions()).isEmpty();
    n1.command(51);
    assertRejected(n1, 51, RejectReason.OVER_LIMIT);
    forward(n1, peer("n2"), 1, n1.self().boot(), 5);
    assertThat(((Outcome.Rejected) n1.takeOne("n2", ForwardResult.class).outcome()).reason())
        .isEqualTo(RejectReason.OVER_LIMIT);
    n1.persist();
    n1.accept("n2", 3);
    n1.command(52);
    assertThat(n1.takeCompletions()).isEmpty();
    assertThat(n1.view().lastIndex()).isEqualTo(53);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("pitfall-55")
  void aCommandGivenToALeaderThatStepsDownIsNotSentToTheNextOne(boolean byQuorum) {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(7);
    if (byQuorum) {
      n1.wakeAfter(601);
    } else {
      n1.deliver("n2", new HeartbeatResponse(2, 0, 0, 0, true));
    }
    n1.follow("n3", 2);
    n1.heartbeat("n3", 2, 1, 0, 2);
    assertThat(n1.take("n3", ForwardCommand.class)).isEmpty();
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void noMoreIsForwardedThanMayBeUnderWayToAPeerUntilItAnswers() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 4);
    long bound = CoreDriver.SETTINGS.maxInFlightBytes() / CoreDriver.PAYLOAD_BYTES;
    for (long number = 1; number <= bound + 1; number++) {
      n1.command(number);
    }
    assertThat(n1.take("n2", ForwardCommand.class)).hasSize((int) bound);
    Outcome applied = new Outcome.Applied(9, new byte[0]);
    n1.deliver("n2", new ForwardResult(n1.self().boot(), 1, applied));
    assertThat(n1.takeOne("n2", ForwardCommand.class).number()).isEqualTo(bound + 1);
  }

  @Test
  void whatWaitsForTheLeaderToAnswerIsBoundedAndRejected() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 4);
    long bound = CoreDriver.SETTINGS.maxInFlightBytes() / CoreDriver.PAYLOAD_BYTES;
    long last = bound + CoreDriver.SETTINGS.maxWaitingCalls() + 1;
    for (long number = 1; number <= last; number++) {
      n1.command(number);
    }
    assertRejected(n1, last, RejectReason.OVER_LIMIT);
    n1.turn((core, now, out) -> core.onCommandDeadline(last - 1, now, out));
    assertRejected(n1, last - 1, RejectReason.OVER_LIMIT);
  }

  @Test
  void aLeaderAppendsNothingThatTheStateMachineRefuses() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.turn((core, now, out) -> core.validateBy(proposal -> Optional.of("it makes no sense")));
    long last = n1.view().lastIndex();
    n1.command(7);
    assertRejected(n1, 7, RejectReason.INVALID);
    forward(n1, peer("n2"), n1.view().term(), n1.self().boot(), 8);
    assertThat(n1.takeOne("n2", ForwardResult.class).outcome())
        .isEqualTo(new Outcome.Rejected(RejectReason.INVALID, "it makes no sense"));
    assertThat(n1.view().lastIndex()).isEqualTo(last);
  }

  @Test
  void aFollowerLeavesItToTheLeaderToRefuse() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 4);
    n1.turn((core, now, out) -> core.validateBy(proposal -> Optional.of("it makes no sense")));
    n1.command(7);
    assertThat(n1.takeOne("n2", ForwardCommand.class).number()).isEqualTo(7);
  }

  private static void forward(CoreDriver n1, Peer from, long term, long boot, long number) {
    n1.deliver(
        from, new ForwardCommand(term, boot, number, Proposal.command(ByteBuffer.allocate(60))));
  }

  private static void assertUnknown(CoreDriver n1, long number) {
    assertThat(n1.takeCompletions())
        .singleElement()
        .isInstanceOfSatisfying(
            Completion.Command.class,
            end -> {
              assertThat(end.number()).isEqualTo(number);
              assertThat(end.outcome()).isInstanceOf(Outcome.Unknown.class);
            });
  }

  private static void assertRejected(CoreDriver n1, long number, RejectReason reason) {
    assertThat(n1.takeCompletions())
        .singleElement()
        .isInstanceOfSatisfying(
            Completion.Command.class,
            end -> {
              assertThat(end.number()).isEqualTo(number);
              assertThat(end.outcome())
                  .isInstanceOfSatisfying(
                      Outcome.Rejected.class,
                      rejected -> assertThat(rejected.reason()).isEqualTo(reason));
            });
  }
}
