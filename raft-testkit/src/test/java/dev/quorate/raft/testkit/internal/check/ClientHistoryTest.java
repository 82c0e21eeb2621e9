package dev.quorate.raft.testkit.internal.check;

import static dev.quorate.raft.testkit.internal.check.Committed.bytes;
import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientHistoryTest {

  private static final Outcome REJECTED = new Outcome.Rejected(RejectReason.NO_LEADER, "none");

  private final Committed log = new Committed();
  private long now;
  private final ClientHistory history = new ClientHistory(() -> now, true, Optional.empty());

  private void submit(int value, Outcome end) {
    history.submitted(bytes(value)).ended(end);
  }

  private static Outcome applied(long index, int result) {
    return new Outcome.Applied(index, bytes(result));
  }

  private void read(ReadConsistency consistency, long index, int value) {
    history.reads(new byte[0], consistency).ended(new ReadOutcome.Answered(index, bytes(value)));
  }

  private void judge() {
    history.judge(log.reference(), new Committed.Sum());
  }

  @Test
  void whatTheLogGivesIsRight() {
    log.commands(4, 5, 6);
    submit(4, applied(1, 4));
    submit(9, REJECTED);
    submit(5, new Outcome.Unknown("lost"));
    submit(6, applied(3, 15));
    read(ReadConsistency.LINEARIZABLE, 3, 15);
    judge();
    assertThat(history.applied()).isEqualTo(2);
    assertThat(history.reads()).isEqualTo(1);
  }

  @Test
  void aCommandEndsOnce() {
    ClientHistory.Command command = history.submitted(bytes(4));
    command.ended(applied(1, 4));
    breaks("I15", () -> command.ended(applied(1, 4)));
  }

  @Test
  void anAcknowledgedCommandIsInTheLogWhereItWasSaid() {
    log.commands(4, 5);
    submit(4, applied(2, 4));
    submit(5, new Outcome.Unknown("lost"));
    breaks("I15", this::judge);
  }

  @Test
  void anAcknowledgedCommandIsInTheLog() {
    submit(4, applied(1, 4));
    breaks("I15", this::judge);
  }

  @Test
  void twoCommandsHaveTwoPlaces() {
    log.commands(4, 4);
    ClientHistory.Command first = history.submitted(bytes(4));
    submit(4, applied(1, 4));
    first.ended(applied(1, 4));
    breaks("I15", this::judge);
  }

  @Test
  void aRejectedCommandIsNotInTheLog() {
    log.commands(4);
    submit(4, REJECTED);
    breaks("I15", this::judge);
  }

  @Test
  void aCommandIsInTheLogNoMoreOftenThanItWasSubmitted() {
    log.commands(4, 4);
    submit(4, applied(1, 4));
    breaks("I15", this::judge);
  }

  @Test
  void aCommandComesBehindWhatWasAcknowledgedBefore() {
    submit(4, applied(2, 4));
    breaks("I16", () -> submit(5, applied(1, 5)));
  }

  @Test
  void aResultIsTheOneOfItsPlace() {
    log.commands(4, 5);
    submit(4, applied(1, 4));
    submit(5, applied(2, 5));
    breaks("I16", this::judge);
  }

  @Test
  void aReadSeesWhatWasAcknowledgedBefore() {
    submit(4, applied(2, 4));
    read(ReadConsistency.LEASE, 2, 4);
    breaks("I16", () -> read(ReadConsistency.LINEARIZABLE, 1, 0));
    breaks("I16", () -> read(ReadConsistency.LEASE, 1, 0));
  }

  @Test
  void aReadOfAtLeastAnIndexSeesThat() {
    submit(4, applied(2, 4));
    read(new ReadConsistency.AtLeast(1), 1, 0);
    breaks("I16", () -> read(new ReadConsistency.AtLeast(2), 1, 0));
  }

  @Test
  void aStaleReadIsNoStalerThanItMayBe() {
    submit(4, applied(2, 4));
    ReadConsistency stale = new ReadConsistency.Stale(Duration.ofNanos(90));
    now = 100;
    read(stale, 0, 0);
    now = 101;
    breaks("I16", () -> read(stale, 1, 0));
  }

  @Test
  void anAnswerIsTheOneOfItsPlace() {
    log.commands(4);
    submit(4, applied(1, 4));
    read(ReadConsistency.LINEARIZABLE, 1, 3);
    breaks("I16", this::judge);
  }

  @Test
  void nothingIsSeenThatIsNotCommitted() {
    log.commands(4);
    submit(4, applied(1, 4));
    read(ReadConsistency.LINEARIZABLE, 2, 4);
    breaks("I16", this::judge);
  }
}
