package dev.quorate.raft.testkit.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MemoryBoundsTest {

  private static final int UNCOMMITTED = 1_024;
  private static final int IN_FLIGHT = 2_048;
  private static final int FRAME = 4_096;
  private static final long TERM = 3;

  private final MemoryBounds bounds =
      new MemoryBounds(
          NodeId.of("n1"),
          EngineSettings.of(
              Settings.of(
                  Map.of(
                      "raft.max-pending-calls",
                      "5",
                      "raft.max-command-bytes",
                      "512B",
                      "raft.max-batch-bytes",
                      "1KiB",
                      "raft.max-frame-bytes",
                      FRAME + "B",
                      "raft.max-in-flight-bytes",
                      IN_FLIGHT + "B",
                      "raft.max-uncommitted-bytes",
                      UNCOMMITTED + "B")),
              "simulated",
              "file"));

  private void write(LogEntry.Type type, long index, long term, int bytes, long applied) {
    LogEntry entry = LogEntry.of(type, index, term, 0, 0, ByteBuffer.allocate(bytes));
    bounds.writing(
        new WriteBatch(index, List.of(new WriteRecord.Append(List.of(entry)))), TERM, applied);
  }

  private static void breaks(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("I17"));
  }

  @Test
  void aNodeHoldsSoManyCalls() {
    bounds.record(Metric.PENDING_CALLS, 5);
    bounds.turned(0);
    bounds.record(Metric.PENDING_CALLS, 6);
    breaks(() -> bounds.turned(0));
  }

  @Test
  void soManyCommandsWait() {
    bounds.record(Metric.WAITING_COMMANDS, 5);
    bounds.turned(0);
    bounds.record(Metric.WAITING_COMMANDS, 6);
    breaks(() -> bounds.turned(0));
  }

  @Test
  void aWindowEndsWithTheMessageThatFillsIt() {
    bounds.record(Metric.IN_FLIGHT_BYTES, 2L * (IN_FLIGHT + FRAME));
    bounds.turned(2);
    breaks(() -> bounds.turned(1));
  }

  @Test
  void aLeaderTakesNoMoreThanMayWait() {
    write(LogEntry.Type.COMMAND, 1, TERM, 512, 0);
    breaks(() -> write(LogEntry.Type.COMMAND, 2, TERM, 512, 0));
  }

  @Test
  void whatIsAppliedMakesRoom() {
    write(LogEntry.Type.COMMAND, 1, TERM, 512, 0);
    write(LogEntry.Type.COMMAND, 2, TERM, 512, 1);
    breaks(() -> write(LogEntry.Type.COMMAND, 3, TERM, 512, 1));
  }

  @Test
  void whatAnotherLeaderTookAndWhatIsNoCommandDoesNotCount() {
    write(LogEntry.Type.COMMAND, 1, TERM - 1, 512, 0);
    write(LogEntry.Type.COMMAND, 2, TERM - 1, 1_024, 0);
    write(LogEntry.Type.NO_OP, 3, TERM, 0, 0);
    write(LogEntry.Type.COMMAND, 4, TERM, 1_024, 0);
  }
}
