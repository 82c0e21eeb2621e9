package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.PeerStatus.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  /** Patience of 300 ns, a window of 1,000 bytes. */
  private static final CoreSettings SETTINGS =
      new CoreSettings(50, 300, 600, 1_000, 1_000, 5_000, 4, 1_000_000, 1_000_000);

  private final Progress progress = new Progress(CoreDriver.member(2), 10, SETTINGS, at(0));

  @Test
  void beginsByProbingOneRequestAtATime() {
    assertThat(progress.state()).isEqualTo(State.PROBING);
    assertThat(progress.mayAppend()).isTrue();
    progress.appended(12, 300, at(0));
    assertThat(progress.mayAppend()).isFalse();
    assertThat(progress.next()).as("the guess under test").isEqualTo(10);
  }

  @Test
  void pipelinesOnceARequestIsAccepted() {
    progress.appended(12, 300, at(0));
    progress.accepted(12, at(0));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    assertThat(progress.next()).isEqualTo(13);
  }

  @Test
  void anAcceptanceBelowTheGuessDoesNotEndTheProbing() {
    progress.appended(12, 300, at(0));
    progress.accepted(5, at(0));
    assertThat(progress.state()).isEqualTo(State.PROBING);
    assertThat(progress.match()).isEqualTo(5);
    assertThat(progress.mayAppend()).isFalse();
  }

  @Test
  void matchNeverFalls() {
    pipelining();
    progress.accepted(4, at(0));
    progress.probeFrom(2);
    assertThat(progress.match()).isEqualTo(12);
    assertThat(progress.next()).isEqualTo(13);
  }

  @Test
  void bytesInFlightAreBoundedAndComeBackInOrder() {
    pipelining();
    progress.appended(14, 600, at(0));
    assertThat(progress.mayAppend()).isTrue();
    progress.appended(16, 600, at(0));
    assertThat(progress.mayAppend()).isFalse();
    progress.accepted(13, at(0));
    assertThat(progress.mayAppend()).isFalse();
    progress.accepted(14, at(0));
    assertThat(progress.mayAppend()).isTrue();
  }

  @Test
  void goingBackToProbingForgetsWhatIsInFlight() {
    pipelining();
    progress.appended(14, 2_000, at(0));
    progress.probeFrom(13);
    assertThat(progress.mayAppend()).isTrue();
    progress.appended(14, 100, at(0));
    progress.accepted(14, at(0));
    assertThat(progress.mayAppend()).isTrue();
  }

  @Test
  void onlyARejectionOfTheProbeUnderTestIsNews() {
    assertThat(progress.rejectionIsNew(9)).isTrue();
    assertThat(progress.rejectionIsNew(8)).isFalse();
    assertThat(progress.rejectionIsNew(10)).isFalse();
    pipelining();
    assertThat(progress.rejectionIsNew(12)).isFalse();
    assertThat(progress.rejectionIsNew(13)).isTrue();
  }

  @Test
  void aRequestThatOvertookTheOneBeforeItIsLostThoughThatOneMatchesSince() {
    pipelining();
    assertThat(progress.rejectionIsNew(12)).as("nothing is under way").isFalse();
    progress.appended(14, 100, at(0));
    progress.appended(16, 100, at(0));
    progress.accepted(14, at(0));
    assertThat(progress.rejectionIsNew(14)).isTrue();
    assertThat(progress.rejectionIsNew(13)).isFalse();
  }

  @Test
  void aProbeIsRepeatedOnlyAfterPatience() {
    progress.appended(12, 300, at(100));
    progress.heartbeatAnswered(1, 0, at(399));
    assertThat(progress.mayAppend()).isFalse();
    progress.heartbeatAnswered(1, 0, at(400));
    assertThat(progress.mayAppend()).isTrue();
  }

  @Test
  void theOldestRequestDecidesWhetherAnythingWasLost() {
    pipelining();
    progress.appended(14, 100, at(100));
    progress.appended(16, 100, at(350));
    progress.heartbeatAnswered(1, 13, at(399));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    progress.heartbeatAnswered(2, 14, at(410));
    progress.heartbeatAnswered(2, 14, at(800));
    assertThat(progress.state()).as("received, not forced").isEqualTo(State.PIPELINING);
    progress.accepted(14, at(800));
    progress.heartbeatAnswered(3, 14, at(801));
    assertThat(progress.state()).isEqualTo(State.PROBING);
    assertThat(progress.next()).isEqualTo(15);
  }

  @Test
  void aLinkThatIsMerelySlowLosesNothingAsLongAsSomethingArrives() {
    pipelining();
    progress.appended(14, 100, at(0));
    progress.heartbeatAnswered(1, 13, at(250));
    progress.heartbeatAnswered(2, 13, at(549));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    progress.heartbeatAnswered(2, 13, at(550));
    assertThat(progress.state()).isEqualTo(State.PROBING);
  }

  @Test
  void patienceThatWasTooShortDoublesAndShrinksAgainWhenAnswersComeSoon() {
    progress.appended(12, 300, at(0));
    progress.heartbeatAnswered(1, 0, at(300));
    progress.appended(12, 300, at(300));
    progress.heartbeatAnswered(2, 0, at(899));
    assertThat(progress.mayAppend()).isFalse();
    progress.heartbeatAnswered(2, 0, at(900));
    assertThat(progress.mayAppend()).isTrue();
    progress.accepted(12, at(900));
    for (long index = 13; index < 16; index++) {
      progress.appended(index, 10, at(900));
      progress.accepted(index, at(901));
    }
    progress.heartbeatAnswered(3, 15, at(950));
    progress.appended(16, 10, at(1_000));
    progress.heartbeatAnswered(3, 15, at(1_299));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    progress.heartbeatAnswered(3, 15, at(1_300));
    assertThat(progress.state()).isEqualTo(State.PROBING);
  }

  @Test
  void roundsRiseOnly() {
    progress.heartbeatAnswered(7, 0, at(0));
    progress.heartbeatAnswered(4, 0, at(0));
    assertThat(progress.ackedRound()).isEqualTo(7);
  }

  @Test
  void aNewBootIsProbedAndTheFirstOneIsNoNewBoot() {
    pipelining();
    progress.responded(77, at(0));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    progress.responded(77, at(0));
    assertThat(progress.state()).isEqualTo(State.PIPELINING);
    progress.responded(78, at(0));
    assertThat(progress.state()).isEqualTo(State.PROBING);
  }

  @Test
  void isActiveFromItsLastAnswerOn() {
    progress.responded(77, at(500));
    assertThat(progress.activeSince(500)).isTrue();
    assertThat(progress.activeSince(501)).isFalse();
  }

  @Test
  void whatWasReadIsUsedOnlyIfItIsStillWantedAndNext() {
    progress.reading(5);
    progress.read(4, List.of(entry(10, 1)));
    assertThat(progress.isReading()).isTrue();
    assertThat(progress.readEntries()).isEmpty();
    progress.read(5, List.of(entry(10, 1), entry(11, 1)));
    assertThat(progress.isReading()).isFalse();
    assertThat(progress.readEntries()).hasSize(2);
    progress.accepted(10, at(0));
    assertThat(progress.readEntries()).as("begins before the next one").isEmpty();

    progress.reading(6);
    progress.probeFrom(11);
    progress.read(6, List.of(entry(11, 1)));
    assertThat(progress.readEntries()).as("asked before going back").isEmpty();
  }

  /** Matches up to 12. */
  private void pipelining() {
    progress.appended(12, 300, at(0));
    progress.accepted(12, at(0));
  }

  private static Time at(long nanos) {
    return new Time(nanos, 0);
  }
}
