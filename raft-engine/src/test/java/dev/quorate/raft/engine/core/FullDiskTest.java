package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static dev.quorate.raft.engine.core.CoreDriver.untimed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rule P5: a full disk is not a failed write. */
@Tag("pitfall-50")
class FullDiskTest {

  /** Room for two commands on their way to the disk, which count 164 bytes each. */
  private static final CoreSettings NARROW =
      new CoreSettings(50 * MILLI, 300 * MILLI, 600 * MILLI, 1_000, 3_000, 5_000, 4, 1_000, 400);

  private static void space(CoreDriver n1, boolean present) {
    n1.turn((core, now, out) -> core.onSpace(present, now, out));
  }

  private static LogEntry noOp(long index, long term) {
    return LogEntry.of(LogEntry.Type.NO_OP, index, term, 0, 0, ByteBuffer.allocate(0));
  }

  // As a follower

  @Test
  void whoHasNoSpaceVotesButDoesNotStandUntilThereIsSome() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.turn((core, now, out) -> core.onSpace(false, now, out));
    n1.timeOut();
    n1.deliver("n2", new TimeoutNow(1));
    assertThat(n1.sent()).isEmpty();
    n1.deliver("n2", new VoteRequest(5, false, false, 2, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", VoteResponse.class).granted()).isTrue();
    n1.turn((core, now, out) -> core.onSpace(true, now, out));
    n1.timeOut();
    assertThat(n1.view().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  void whereNobodyElseStandsWhoHasNoSpaceStandsAtLast() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    space(n1, false);
    for (int i = 0; i < 4; i++) {
      assertThat(n1.timeOut().view().role()).isEqualTo(Role.FOLLOWER);
    }
    n1.heartbeat("n2", 1, 1, 1, 1);
    for (int i = 0; i < 4; i++) {
      assertThat(n1.timeOut().view().role()).as("a leader was heard of").isEqualTo(Role.FOLLOWER);
    }
    assertThat(n1.timeOut().view().role()).isEqualTo(Role.PRE_CANDIDATE);
    n1.deliver("n2", new VoteResponse(2, true, true));
    n1.persist();
    n1.deliver("n2", new VoteResponse(2, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void aFollowerWithoutSpaceTakesWhatIsNoCommandAndLeavesTheRestOut() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    space(n1, false);
    n1.append("n2", 1, 1, 0, 1, noOp(2, 1), entry(3, 1), noOp(4, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 2, true, false));
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    n1.heartbeat("n2", 1, 2, 2, 2);
    assertThat(untimed(n1.takeOne("n2", HeartbeatResponse.class)))
        .isEqualTo(new HeartbeatResponse(1, 2, 2, 2, false));
    space(n1, true);
    n1.append("n2", 1, 2, 1, 1, entry(3, 1), noOp(4, 1));
    n1.persist();
    assertThat(n1.takeOne("n2", AppendAccepted.class))
        .isEqualTo(new AppendAccepted(1, 4, false, true));
  }

  @Test
  void aFollowerWithoutSpaceAcknowledgesWhatItHasAndCommitsNoMore() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1));
    space(n1, false);
    n1.persist();
    n1.append("n2", 1, 1, 0, 3, entry(2, 1), entry(3, 1));
    assertThat(n1.take("n2", AppendAccepted.class))
        .containsExactly(
            new AppendAccepted(1, 2, false, true), new AppendAccepted(1, 2, true, false));
    assertThat(n1.view().commitIndex()).isEqualTo(2);
  }

  @Test
  void aTailIsNotDroppedForACommandThatHasNoRoom() {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, entry(2, 1), entry(3, 1));
    n1.persist();
    n1.follow("n3", 2);
    space(n1, false);
    n1.append("n3", 2, 1, 0, 1, entry(2, 2));
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    assertThat(n1.takeOne("n3", AppendAccepted.class).matchIndex()).isEqualTo(1);
    n1.append("n3", 2, 1, 0, 1, noOp(2, 2));
    assertThat(n1.view().lastIndex()).isEqualTo(2);
  }

  @Test
  void aFollowerHasNoMoreCommandsOnTheirWayToItsDiskThanTheReserveTakes() {
    CoreDriver n1 = CoreDriver.voters(3, NARROW).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, CoreDriver.entries(2, 6, 1));
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    n1.append("n2", 1, 3, 1, 1, entry(4, 1));
    assertThat(n1.view().lastIndex()).isEqualTo(3);
    assertThat(n1.sent()).as("it answers when its disk does").isEmpty();
    n1.persist();
    assertThat(n1.take("n2", AppendAccepted.class))
        .containsExactly(
            new AppendAccepted(1, 3, true, true), new AppendAccepted(1, 3, true, true));
    n1.append("n2", 1, 3, 1, 1, CoreDriver.entries(4, 6, 1));
    assertThat(n1.view().lastIndex()).isEqualTo(5);
  }

  @Test
  void truncatingGivesNoRoomBackBeforeTheDiskHasDoneIt() {
    CoreDriver n1 = CoreDriver.voters(3, NARROW).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, CoreDriver.entries(2, 3, 1));
    n1.append("n3", 2, 1, 0, 1, noOp(2, 2), entry(3, 2));
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    n1.persist();
    n1.append("n3", 2, 2, 2, 1, entry(3, 2));
    assertThat(n1.view().lastIndex()).isEqualTo(3);
  }

  @Test
  void aCommandThatIsLongerThanTheReserveIsNotHeldUpForEver() {
    CoreSettings tiny =
        new CoreSettings(50 * MILLI, 300 * MILLI, 600 * MILLI, 1_000, 3_000, 5_000, 4, 1_000, 1);
    CoreDriver n1 = CoreDriver.voters(3, tiny).follow("n2", 1);
    n1.append("n2", 1, 1, 0, 1, CoreDriver.entries(2, 3, 1));
    assertThat(n1.view().lastIndex()).isEqualTo(2);
  }

  // As a leader, of itself

  @Test
  void aLeaderWithoutSpaceOffersTheLeadershipToWhoHasEverythingInTurn() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.turn((core, now, out) -> core.onSpace(false, now, out));
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);
    List<NodeId> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Effects.Send> offers =
          n1.sent().stream().filter(send -> send.message() instanceof TimeoutNow).toList();
      assertThat(offers).hasSize(1);
      asked.add(offers.get(0).to());
      n1.forgetSent();
      n1.pass(300);
      n1.deliver("n2", new HeartbeatResponse(1, 9, 2, 2, true));
      n1.deliver("n3", new HeartbeatResponse(1, 9, 2, 2, true));
      n1.wakeAfter(300);
    }
    assertThat(asked.get(0)).isNotEqualTo(asked.get(1)).isEqualTo(asked.get(2));
    assertThat(asked.get(1)).isEqualTo(asked.get(3));

    n1.command(7);
    assertThat(n1.view().lastIndex()).isEqualTo(2);
    assertThat(n1.takeCompletions())
        .singleElement()
        .extracting(end -> ((Effects.Completion.Command) end).outcome())
        .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
        .isEqualTo(RejectReason.NO_SPACE);
    n1.turn((core, now, out) -> core.onSpace(true, now, out));
    n1.command(8);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
  }

  @Test
  void aCandidateWhoseDiskFillsUpDoesNotComeToLead() {
    CoreDriver n1 = CoreDriver.voters(3).stand();
    n1.persist();
    n1.turn((core, now, out) -> core.onSpace(false, now, out));
    n1.deliver("n2", new VoteResponse(1, false, true));
    assertThat(n1.view().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void commandsWaitUntilTheLeadersDiskHasRoomForThem() {
    CoreDriver n1 = CoreDriver.voters(3, NARROW).leadAll();
    for (int number = 1; number <= 5; number++) {
      n1.command(number);
    }
    assertThat(n1.view().lastIndex()).isEqualTo(4);
    n1.persistNext();
    assertThat(n1.view().lastIndex()).isEqualTo(5);
    n1.persist();
    assertThat(n1.view().lastIndex()).isEqualTo(7);
    assertThat(n1.takeCompletions()).isEmpty();
  }

  @Test
  void commandsThatWaitForTheDiskAreRejectedWhenItIsFullAndWhenTheirTimeIsOver() {
    CoreDriver n1 = CoreDriver.voters(3, NARROW).leadAll();
    for (int number = 1; number <= 4; number++) {
      n1.command(number);
    }
    n1.turn((core, now, out) -> core.onCommandDeadline(3, now, out));
    assertThat(rejections(n1)).containsExactly("3 OVER_LIMIT");
    space(n1, false);
    n1.command(5);
    assertThat(rejections(n1)).containsExactly("4 NO_SPACE", "5 NO_SPACE");
    n1.persist();
    assertThat(n1.view().lastIndex()).isEqualTo(4);
  }

  @Test
  void aLeaderWithoutSpaceCommitsWhatIsUnderWay() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    space(n1, false);
    n1.persist();
    n1.accept("n2", 3);
    assertThat(n1.view().commitIndex()).isEqualTo(3);
  }

  private static List<String> rejections(CoreDriver n1) {
    return n1.takeCompletions().stream()
        .map(end -> (Completion.Command) end)
        .map(end -> end.number() + " " + ((Outcome.Rejected) end.outcome()).reason())
        .toList();
  }

  // As a leader, of others

  private static void heartbeatResponse(CoreDriver n1, String from, boolean hasSpace) {
    List<Heartbeat> beats = n1.take(from, Heartbeat.class);
    Heartbeat last = beats.get(beats.size() - 1);
    long match = n1.progress(from).matchIndex();
    n1.deliver(from, new HeartbeatResponse(last.term(), last.round(), match, match, hasSpace));
  }

  @Test
  void whoHasNoSpaceGetsNoCommandsUntilItHas() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.command(2);
    assertThat(n1.take("n2", AppendRequest.class)).hasSize(2);
    n1.deliver("n2", new AppendAccepted(1, 2, true, false));
    AppendRequest question = n1.takeOne("n2", AppendRequest.class);
    assertThat(question.prevIndex()).isEqualTo(2);
    assertThat(question.entries()).isEmpty();
    n1.deliver("n2", new AppendAccepted(1, 2, false, false));
    for (int beat = 0; beat < 30; beat++) {
      n1.command(10 + beat);
      n1.persist();
      n1.beat();
      heartbeatResponse(n1, "n2", false);
      n1.answerHeartbeats("n3");
    }
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
    assertThat(n1.view().role()).isEqualTo(Role.LEADER);

    n1.beat();
    heartbeatResponse(n1, "n2", true);
    List<AppendRequest> requests = n1.take("n2", AppendRequest.class);
    assertThat(requests.get(0).prevIndex()).isEqualTo(2);
    assertThat(requests.get(0).entries()).isNotEmpty();
  }

  @Test
  void whatWasLeftOutIsSentAgainFromThere() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.command(2);
    n1.command(3);
    assertThat(n1.take("n2", AppendRequest.class)).hasSize(3);
    n1.deliver("n2", new AppendAccepted(1, 3, true, true));
    AppendRequest again = n1.takeOne("n2", AppendRequest.class);
    assertThat(again.prevIndex()).isEqualTo(3);
    assertThat(again.entries()).hasSize(2);
    n1.deliver("n2", new AppendAccepted(1, 5, false, true));
    n1.deliver("n2", new AppendAccepted(1, 3, true, true));
    assertThat(n1.take("n2", AppendRequest.class)).as("for a late answer").isEmpty();
  }

  @Test
  void whoHasNoSpaceGetsTheNoOpOfANewTerm() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.beat();
    heartbeatResponse(n1, "n2", false);
    n1.take("n2", AppendRequest.class);
    n1.command(1);
    n1.deliver("n2", new AppendAccepted(1, 1, false, false));
    assertThat(n1.takeOne("n2", AppendRequest.class).entries())
        .extracting(LogEntry::type)
        .containsExactly(LogEntry.Type.NO_OP);
    n1.deliver("n2", new AppendAccepted(1, 2, false, false));
    assertThat(n1.view().commitIndex()).isEqualTo(2);
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
  }

  @Test
  void onlyTheNewestHeartbeatResponseCountsAndNoAcknowledgementBringsSpaceBack() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    Heartbeat early = n1.takeOne("n2", Heartbeat.class);
    n1.beat();
    heartbeatResponse(n1, "n2", false);
    n1.deliver("n2", new AppendAccepted(1, 2, false, true));
    n1.deliver("n2", new HeartbeatResponse(1, early.round(), 2, 2, true));
    n1.take("n2", AppendRequest.class);
    n1.command(1);
    assertThat(n1.take("n2", AppendRequest.class)).isEmpty();
  }

  @Test
  void whoHasNoSpaceIsNotOfferedTheLeadership() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    heartbeatResponse(n1, "n2", false);
    space(n1, false);
    for (int i = 0; i < 4; i++) {
      n1.answerHeartbeats("n3");
      n1.wakeAfter(300);
      heartbeatResponse(n1, "n2", false);
    }
    assertThat(n1.take("n3", TimeoutNow.class)).hasSize(3);
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
  }

  @Test
  void theLeadershipIsOfferedAsSoonAsSomebodyHasEverything() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.persist();
    space(n1, false);
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
    n1.accept("n2", 3);
    n1.beat();
    assertThat(n1.take("n2", TimeoutNow.class)).hasSize(1);
  }

  @Test
  void aLeaderThatStepsDownTellsSomebodyWithSpaceToStand() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.command(1);
    n1.accept("n2", 3);
    n1.beat();
    heartbeatResponse(n1, "n2", false);
    n1.answerHeartbeats("n3");
    n1.turn((core, now, out) -> core.onApplyFailed("broken", now, out));
    assertThat(n1.take("n2", TimeoutNow.class)).isEmpty();
    assertThat(n1.take("n3", TimeoutNow.class)).hasSize(1);
  }

  @Test
  void aTransferToWhoHasNoSpaceFailsAtOnce() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    heartbeatResponse(n1, "n2", false);
    n1.transfer(1, "n2", 1_000);
    assertThat(n1.takeCompletions())
        .containsExactly(
            new Completion.Transfer(
                1,
                new TransferOutcome.Failed(
                    TransferOutcome.Reason.NO_SPACE, "n2 has no space on its disk")));
    n1.command(7);
    assertThat(n1.view().lastIndex()).isEqualTo(3);
  }
}
