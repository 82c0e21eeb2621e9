package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final NodeId N1 = NodeId.of("n1");

  private final Ledger ledger = new Ledger();

  /** A log whose entries have these terms. */
  private static List<LogEntry> log(long... terms) {
    return LongStream.rangeClosed(1, terms.length).mapToObj(i -> entry(i, terms)).toList();
  }

  private static LogEntry entry(long index, long... terms) {
    return LogEntry.of(
        LogEntry.Type.COMMAND, index, terms[(int) index - 1], 0, 0, ByteBuffer.wrap(new byte[1]));
  }

  private static void breaks(String invariant, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            Violation.class, it -> assertThat(it.invariant()).isEqualTo(invariant));
  }

  @Test
  void anIndexAndATermNameOneEntryWithAllBefore() {
    ledger.stored(log(1, 1, 3));
    ledger.stored(log(1, 1, 2));
    breaks("I2", () -> ledger.stored(log(1, 2, 3)));
  }

  @Test
  void aLeaderHasWhatWasCommittedInFormerTerms() {
    ledger.commits(N1, 2, 1, 3, log(1, 1, 2));
    ledger.leads(N1, 3, log(1, 1, 2, 2));
    ledger.leads(N1, 2, log(1));
    breaks("I3", () -> ledger.leads(N1, 3, log(1, 1)));
    breaks("I3", () -> ledger.leads(N1, 3, log(1, 1, 1)));
  }

  @Test
  void whatIsCommittedStays() {
    ledger.commits(N1, 2, 1, 3, log(1, 1, 2));
    ledger.commits(NodeId.of("n2"), 2, 1, 2, log(1, 1));
    breaks("I4", () -> ledger.commits(NodeId.of("n3"), 3, 1, 3, log(1, 1, 3)));
  }

  @Test
  void whatIsCommittedIsNotTruncated() {
    ledger.commits(N1, 2, 1, 3, log(1, 1, 2));
    ledger.truncates(N1, 2, entry(3, 1, 1, 1));
    ledger.truncates(N1, 2, entry(4, 1, 1, 2, 2));
    breaks("I13", () -> ledger.truncates(N1, 2, entry(3, 1, 1, 2)));
    breaks("I13", () -> ledger.truncates(N1, 3, entry(3, 1, 1, 2)));
  }

  /** Its leader was elected before, and its message is late. */
  @Test
  void whatALaterLeaderCommittedMayBeTruncatedByWhoKnowsNothingOfThat() {
    ledger.commits(N1, 4, 1, 3, log(1, 1, 2));
    ledger.truncates(N1, 3, entry(3, 1, 1, 2));
    breaks("I13", () -> ledger.truncates(N1, 4, entry(3, 1, 1, 2)));
  }
}
