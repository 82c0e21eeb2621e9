package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.MILLI;
import static dev.quorate.raft.engine.core.CoreDriver.entries;
import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.Completion.ReadReady;
import dev.quorate.raft.engine.core.Effects.Completion.ReadRefused;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaleReadsTest {

  private static ReadConsistency lag(long millis) {
    return ReadConsistency.stale(Duration.ofMillis(millis));
  }

  private static void refusedAs(CoreDriver n1, String facts) {
    List<Completion> ends = n1.takeCompletions();
    assertThat(ends).hasSize(1);
    ReadRefused refused = (ReadRefused) ends.get(0);
    assertThat(refused.reason()).isEqualTo(RejectReason.TOO_STALE);
    assertThat(refused.message()).contains(facts);
  }

  // On the leader

  @Test
  void aLeadersStateIsAsOldAsTheHeartbeatThatAQuorumAnsweredLast() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    n1.pass(30);
    answer(n1, "n2", beat, 0);
    n1.pass(10);
    n1.read(7, lag(40));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
    n1.read(8, lag(39));
    refusedAs(n1, "may be 40ms old");
  }

  @Test
  void aSingleVoterIsNeverStale() {
    CoreDriver n1 = CoreDriver.voters(1).lead();
    n1.pass(400);
    n1.read(7, lag(1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 2));
  }

  @Test
  void aNewLeaderVouchesForNothingBeforeAnEntryOfItsTermIsCommitted() {
    CoreDriver n1 = CoreDriver.voters(3).lead();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    answer(n1, "n2", beat, 5_000 * MILLI);
    n1.read(7, lag(10_000));
    refusedAs(n1, "not heard enough");
    n1.beat();
    assertThat(n1.takeOne("n2", Heartbeat.class).fresh()).isEqualTo(Freshness.NONE);
  }

  @Test
  void aLeaderThatNobodyAnswersDoesNotCallItsStateFresh() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    answer(n1, "n3", n1.takeOne("n3", Heartbeat.class), 0);
    n1.beat();
    n1.beat();
    n1.read(7, lag(99));
    refusedAs(n1, "may be 100ms old");
  }

  /** Half a second after it was sent the answer to the first heartbeat says nothing of now. */
  @Test
  void anAnswerThatWasLongUnderWayProvesOnlyThatTheLeaderLedWhenItAsked() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    Heartbeat beat = n1.takeOne("n2", Heartbeat.class);
    n1.pass(500);
    answer(n1, "n2", beat, 0);
    n1.read(7, lag(499));
    refusedAs(n1, "may be 500ms old");
  }

  @Test
  void aFollowerIsToldByItsOwnClockUpToWhenTheLeaderLed() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    Heartbeat first = n1.takeOne("n2", Heartbeat.class);
    n1.forgetSent();
    n1.pass(10);
    answer(n1, "n2", first, 7_000 * MILLI);
    n1.beat();
    assertThat(n1.takeOne("n2", Heartbeat.class).fresh())
        .as("the answer came 10 ms after the leader had sent what a quorum has answered")
        .isEqualTo(new Freshness(2_002, 6_990 * MILLI, 2));
    assertThat(n1.takeOne("n3", Heartbeat.class).fresh())
        .as("it has never answered, so that its clock is not known")
        .isEqualTo(Freshness.NONE);
  }

  @Test
  void whoAnsweredBeforeTheLeaderProvedItselfIsToldTheTimeOfItsAnswer() {
    CoreDriver n1 = CoreDriver.voters(3).leadAll();
    n1.beat();
    answer(n1, "n2", n1.takeOne("n2", Heartbeat.class), 7_000 * MILLI);
    n1.forgetSent();
    n1.beat();
    answer(n1, "n3", n1.takeOne("n3", Heartbeat.class), 0);
    n1.forgetSent();
    n1.beat();
    assertThat(n1.takeOne("n2", Heartbeat.class).fresh().nanos()).isEqualTo(7_000 * MILLI);
  }

  // On a follower

  @Test
  void aFollowerAnswersWhatItsLeaderVouchedForAndOnlyForSoLong() {
    CoreDriver n1 = followerThatHas(3);
    vouch(n1, n1.now().nanos() - 80 * MILLI, 3);
    n1.read(7, lag(80));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 3));
    n1.read(8, lag(79));
    refusedAs(n1, "may be 80ms old");
    n1.pass(1);
    n1.read(9, lag(80));
    refusedAs(n1, "may be 81ms old");
  }

  @Test
  void whatIsNotAppliedYetIsNotFresh() {
    CoreDriver n1 = followerThatHas(3);
    vouch(n1, n1.now().nanos() - 90 * MILLI, 3);
    vouch(n1, n1.now().nanos() - 40 * MILLI, 5);
    vouch(n1, n1.now().nanos(), 6);
    n1.read(7, lag(89));
    refusedAs(n1, "may be 90ms old: it has applied up to 3, not yet 5");
    n1.append("n2", 1, 3, 1, 5, entry(4, 1), entry(5, 1));
    n1.persist();
    n1.read(8, lag(40));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(8, 5));
    n1.append("n2", 1, 5, 1, 6, entry(6, 1));
    n1.persist();
    n1.read(9, lag(1));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(9, 6));
  }

  @Test
  void whatWasVouchedForStaysTrueWithoutALeader() {
    CoreDriver n1 = followerThatHas(3);
    vouch(n1, n1.now().nanos(), 3);
    n1.timeOut();
    n1.read(7, lag(601));
    assertThat(n1.takeCompletions()).containsExactly(new ReadReady(7, 3));
    n1.read(8, lag(600));
    refusedAs(n1, "may be 601ms old: it has heard of no later moment at which a leader led");
  }

  @Test
  void whatWasMeantForAnotherBootIsNothing() {
    CoreDriver n1 = followerThatHas(3);
    Freshness other = new Freshness(n1.self().boot() - 1, n1.now().nanos(), 3);
    n1.deliver("n2", new Heartbeat(1, 3, 3, 9, 0, other));
    n1.read(7, lag(10_000));
    refusedAs(n1, "not heard enough");
  }

  @Test
  void aFollowerRepeatsWhenItWasAskedAndSaysWhenItAnswered() {
    CoreDriver n1 = followerThatHas(3);
    n1.deliver("n2", new Heartbeat(1, 3, 3, 9, 4_321, Freshness.NONE));
    HeartbeatResponse answer = n1.takeOne("n2", HeartbeatResponse.class);
    assertThat(answer.sentNanos()).isEqualTo(4_321);
    assertThat(answer.answeredNanos()).isEqualTo(n1.now().nanos());
  }

  private static CoreDriver followerThatHas(long last) {
    CoreDriver n1 = CoreDriver.voters(3).follow("n2", 1);
    n1.append("n2", 1, 1, 0, last, entries(2, last, 1));
    n1.persist();
    n1.forgetSent();
    return n1;
  }

  private static void vouch(CoreDriver n1, long nanos, long index) {
    Freshness fresh = new Freshness(n1.self().boot(), nanos, index);
    n1.deliver("n2", new Heartbeat(1, n1.view().commitIndex(), 1, 9, 0, fresh));
    n1.forgetSent();
  }

  private static void answer(CoreDriver n1, String from, Heartbeat beat, long peerNanos) {
    n1.deliver(
        from,
        new HeartbeatResponse(
            beat.term(),
            beat.round(),
            beat.matchIndex(),
            beat.matchIndex(),
            true,
            beat.sentNanos(),
            peerNanos,
            0));
  }
}
