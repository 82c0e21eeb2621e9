package dev.quorate.raft.testkit.internal.check;

import static dev.quorate.raft.testkit.internal.check.Committed.bytes;
import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.testkit.internal.check.SessionHistory.Submission;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The session is at index 2 of the log, so that its first command is at 3. */
class SessionHistoryTest {

  private static final long SESSION = 2;
  private static final Outcome REJECTED = new Outcome.Rejected(RejectReason.NO_LEADER, "none");
  private static final Outcome UNKNOWN = new Outcome.Unknown("lost");

  private final Committed log = new Committed().session();
  private final ClientHistory calls = new ClientHistory(() -> 0, true, Optional.empty());
  private final SessionHistory history = new SessionHistory(calls);

  private Submission submitted(long sequence, int value) {
    return history.submitted(SESSION, sequence, bytes(value));
  }

  private static Outcome applied(long index, int result) {
    return new Outcome.Applied(index, bytes(result));
  }

  private void judge() {
    history.judge(log.reference());
  }

  @Test
  void eachCommandIsAppliedOnceAndHasThatResult() {
    log.numbered(1, 4).numbered(2, 5).numbered(2, 5);
    Submission first = submitted(1, 4);
    first.ended(applied(3, 4));
    first.ended(applied(3, 4));
    first.ended(UNKNOWN);
    submitted(2, 5).ended(UNKNOWN);
    submitted(3, 6).ended(REJECTED);
    judge();
    assertThat(history.applied()).isEqualTo(1);
    assertThat(history.repeated()).isEqualTo(1);
  }

  @Test
  void aRepeatedCommandHasTheFirstResult() {
    Submission submission = submitted(1, 4);
    submission.attempted(applied(3, 4));
    breaks("I15", () -> submission.attempted(applied(4, 4)));
    breaks("I15", () -> submission.ended(applied(3, 8)));
  }

  @Test
  void whatWasAppliedIsNotRejectedAfterwards() {
    Submission submission = submitted(1, 4);
    submission.ended(applied(3, 4));
    breaks("I15", () -> submission.ended(REJECTED));
  }

  @Test
  void whatWasRejectedIsNotApplied() {
    log.numbered(1, 4);
    submitted(1, 4).ended(REJECTED);
    breaks("I15", this::judge);
  }

  @Test
  void whatWasRejectedMayBeAppliedOnceItIsSentAgain() {
    log.numbered(1, 4);
    Submission submission = submitted(1, 4);
    submission.ended(REJECTED);
    submission.again();
    judge();
  }

  @Test
  void whatWasAcknowledgedIsInTheLog() {
    submitted(1, 4).ended(applied(3, 4));
    breaks("I15", this::judge);
  }

  @Test
  void aResultIsTheOneOfTheLog() {
    log.commands(9).numbered(1, 4);
    submitted(1, 4).ended(applied(4, 4));
    breaks("I15", this::judge);
  }

  @Test
  void nothingIsAppliedThatNobodySubmitted() {
    log.numbered(1, 4);
    breaks("I15", this::judge);
    submitted(1, 5);
    breaks("I15", this::judge);
  }

  @Test
  void aCommandComesBehindWhatAnybodyKnewBefore() {
    calls.submitted(bytes(9)).ended(applied(3, 9));
    Submission submission = submitted(1, 4);
    breaks("I16", () -> submission.ended(applied(3, 4)));
    submitted(2, 5).ended(applied(4, 5));
  }
}
