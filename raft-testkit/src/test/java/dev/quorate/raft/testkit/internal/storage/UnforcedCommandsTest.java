package dev.quorate.raft.testkit.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnforcedCommandsTest {

  private static final LogEntry ONE = entry(LogEntry.Type.COMMAND, 1);

  private final UnforcedCommands unforced =
      new UnforcedCommands(2L * (ONE.encodedLength() + Storage.ENTRY_OVERHEAD_BYTES));

  private static LogEntry entry(LogEntry.Type type, int bytes) {
    return LogEntry.of(type, 1, 1, 0, 0, ByteBuffer.allocate(bytes));
  }

  private void write(LogEntry entry) {
    unforced.written(new WriteBatch(1, List.of(new WriteRecord.Append(List.of(entry)))));
  }

  @Test
  void noMoreThanWasPromisedIsUnforced() {
    write(ONE);
    write(ONE);
    assertThatThrownBy(() -> write(ONE))
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("I17"));
  }

  @Test
  void aForceMakesRoom() {
    write(ONE);
    write(ONE);
    unforced.forced();
    write(ONE);
  }

  @Test
  void aSingleCommandMayBeLongerAndOtherEntriesDoNotCount() {
    write(entry(LogEntry.Type.NO_OP, 0));
    write(entry(LogEntry.Type.COMMAND, 10_000));
    write(entry(LogEntry.Type.NO_OP, 0));
  }
}
