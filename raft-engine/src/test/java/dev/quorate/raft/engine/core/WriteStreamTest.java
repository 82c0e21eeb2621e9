package dev.quorate.raft.engine.core;

import static dev.quorate.raft.engine.core.CoreDriver.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteStreamTest {

  private final WriteStream writes = new WriteStream(3, 10);
  private final Effects effects = new Effects();

  @Test
  void aTurnWithoutWritesHasNoBatchAndNothingWaits() {
    writes.endTurn(10, at(0), effects);
    assertThat(effects.write()).isEmpty();
    assertThat(writes.gate()).isEqualTo(Effects.AT_ONCE);
    assertThat(writes.hardStateGate()).isEqualTo(Effects.AT_ONCE);
    assertThat(writes.oldestWaitNanos(at(99))).isZero();
  }

  @Test
  void aTurnsWritesAreOneBatchInTheirOrder() {
    writes.append(entry(11, 1));
    writes.append(entry(12, 1));
    writes.hardState(HardState.withoutVote(2));
    writes.truncate(11);
    writes.append(entry(11, 2));
    writes.endTurn(11, at(0), effects);
    assertThat(effects.write())
        .contains(
            new WriteBatch(
                4,
                List.of(
                    new WriteRecord.Append(List.of(entry(11, 1), entry(12, 1))),
                    new WriteRecord.SetHardState(HardState.withoutVote(2)),
                    new WriteRecord.Truncate(11),
                    new WriteRecord.Append(List.of(entry(11, 2))))));
  }

  @Test
  void sequencesRiseByOneAndDurabilityFollowsThem() {
    write(11, 1);
    write(12, 1);
    write(13, 1);
    writes.persisted(4);
    assertThat(writes.durableIndex()).isEqualTo(11);
    writes.persisted(6);
    assertThat(writes.durableIndex()).isEqualTo(13);
    writes.persisted(5);
    assertThat(writes.durableIndex()).isEqualTo(13);
  }

  @Test
  void aBatchThatWasNeverHandedOverCannotBeDurable() {
    assertThatThrownBy(() -> writes.persisted(4)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void anOverwrittenIndexIsDurableOnlyByItsOwnBatch() {
    write(11, 1);
    writes.truncate(11);
    writes.append(entry(11, 2));
    long gate = writes.gate();
    writes.endTurn(11, at(0), effects);
    assertThat(writes.durableIndex()).isEqualTo(10);
    writes.persisted(4);
    assertThat(writes.durableIndex()).isEqualTo(10);
    assertThat(writes.passed(gate)).isFalse();
    writes.persisted(5);
    assertThat(writes.durableIndex()).isEqualTo(11);
    assertThat(writes.passed(gate)).isTrue();
  }

  @Test
  void aTruncationTakesBackWhatWasDurable() {
    writes.truncate(8);
    assertThat(writes.durableIndex()).isEqualTo(7);
    writes.endTurn(7, at(0), effects);
    writes.persisted(4);
    assertThat(writes.durableIndex()).isEqualTo(7);
  }

  @Test
  void theGateOfTheHardStateIsNotMovedByEntries() {
    writes.hardState(HardState.withoutVote(2));
    assertThat(writes.hardStateGate()).isEqualTo(4);
    writes.endTurn(10, at(0), effects);
    effects.clear();
    write(11, 2);
    assertThat(writes.hardStateGate()).isEqualTo(4);
    assertThat(writes.gate()).isEqualTo(5);
    writes.persisted(4);
    assertThat(writes.hardStateGate()).isEqualTo(Effects.AT_ONCE);
    assertThat(writes.gate()).isEqualTo(5);
  }

  @Test
  void theGateCountsWhatThisTurnHasWrittenSoFar() {
    assertThat(writes.gate()).isEqualTo(Effects.AT_ONCE);
    writes.append(entry(11, 1));
    assertThat(writes.gate()).isEqualTo(4);
  }

  @Test
  void theOldestWriteTellsHowLongTheDiskHasBeenSilent() {
    writes.append(entry(11, 1));
    writes.endTurn(11, at(100), effects);
    effects.clear();
    writes.append(entry(12, 1));
    writes.endTurn(12, at(300), effects);
    assertThat(writes.oldestWaitNanos(at(450))).isEqualTo(350);
    writes.persisted(4);
    assertThat(writes.oldestWaitNanos(at(450))).isEqualTo(150);
  }

  private void write(long index, long term) {
    writes.append(entry(index, term));
    writes.endTurn(index, at(0), effects);
    effects.clear();
  }

  private static Time at(long nanos) {
    return new Time(nanos, 0);
  }
}
