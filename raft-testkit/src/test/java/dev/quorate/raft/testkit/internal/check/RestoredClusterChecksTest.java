package dev.quorate.raft.testkit.internal.check;

import static dev.quorate.raft.testkit.internal.check.Committed.N1;
import static dev.quorate.raft.testkit.internal.check.Committed.bytes;
import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.testkit.internal.check.Committed.Sum;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The backup ends at index 4, with a sum of 9: a session at 2, its command of 4, and one of 5. */
class RestoredClusterChecksTest {

  private final Committed log = new Committed().session().numbered(1, 4).commands(5);
  private final ClientHistory calls = new ClientHistory(() -> 0, true, Optional.empty());
  private final SessionHistory sessions = new SessionHistory(calls);

  private static byte[] state(long lastIndex, int sum) {
    return ByteBuffer.allocate(Long.BYTES + 1).putLong(lastIndex).put((byte) sum).array();
  }

  private Application.Replica restored(byte[] state) throws Exception {
    Application other = new Application(log.reference(), Sum::new, Expectations.USUAL);
    Application application = new Application(log.reference(), Sum::new, Expectations.USUAL);
    application.restored(other);
    Application.Replica replica = application.observed(N1, violation -> {});
    replica.restore(new ByteArrayInputStream(state));
    return replica;
  }

  @Test
  void itBeginsWithTheStateOfTheLogAndNoOther() throws Exception {
    assertThat(restored(state(4, 9)).query(ByteBuffer.allocate(0))).containsExactly(9);
    breaks("I14", () -> restored(state(4, 8)));
    breaks("I14", () -> restored(state(3, 4)));
  }

  @Test
  void aCommandThatNobodyGaveToItIsNotInItsLog() {
    calls.restored(log.reference());
    calls.judge(log.reference(), new Sum());
    log.commands(6);
    breaks("I15", () -> calls.judge(log.reference(), new Sum()));
  }

  @Test
  void aReadSeesAllOfTheBackup() {
    calls.restored(log.reference());
    ClientHistory.Read read = calls.reads(new byte[0], ReadConsistency.LINEARIZABLE);
    breaks("I16", () -> read.ended(new ReadOutcome.Answered(3, bytes(4))));
  }

  @Test
  void aCommandOfBeforeTheBackupHasItsResultThenAndNoOther() {
    sessions.restored(log.reference());
    SessionHistory.Submission first = sessions.at(new Reference.Place(2, 1));
    first.attempted(new Outcome.Applied(3, bytes(4)));
    assertThat(sessions.repeated()).isEqualTo(1);
    breaks("I15", () -> first.attempted(new Outcome.Applied(5, bytes(13))));
    sessions.judge(log.reference());
    log.numbered(2, 7);
    breaks("I15", () -> sessions.judge(log.reference()));
  }
}
