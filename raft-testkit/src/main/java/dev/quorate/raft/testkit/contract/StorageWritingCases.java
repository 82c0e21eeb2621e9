package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.LogEntry.Type;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What batches do to a log, and which are refused. */
abstract class StorageWritingCases extends StorageOpeningCases {

  @Test
  void whatIsWrittenCanBeReadBeforeAForce() throws IOException {
    TestLog log = openLog();
    for (int i = 1; i <= 10; i++) {
      log.append(i, 1, 40);
      log.check();
    }
  }

  @Test
  void entriesOfAllTypesComeBackAsTheyWere() throws IOException {
    TestLog log = openLog();
    List<LogEntry> entries = new ArrayList<>();
    long index = 0;
    for (Type type : Type.values()) {
      for (long time : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {0, -1, (byte) time, 127});
        entries.add(LogEntry.of(type, ++index, 3, time, ~time, payload));
      }
    }
    entries.add(LogEntry.of(Type.NO_OP, index + 1, Long.MAX_VALUE, 0, 0, ByteBuffer.allocate(1)));
    log.write(new WriteRecord.Append(entries));
    log.check();
    reopened(log).check();
  }

  @Test
  void anEntryMayBeEmpty() throws IOException {
    TestLog log = openLog();
    for (Type type : Type.values()) {
      log.write(LogBatches.append(LogBatches.entry(type, log.lastIndex() + 1, 1, 0, 1)));
    }
    assertEquals(0, log.log.read(1, 2, 1).get(0).payload().remaining());
    reopened(log).check();
  }

  @Test
  void anEntryMayBeLarge() throws IOException {
    TestLog log = openLog();
    log.append(1, 1, 10);
    log.append(1, 1, 5 << 20);
    log.append(2, 1, 1 << 20);
    log.append(1, 1, 10);
    log.check();
    reopened(forcedAndKilled(log));
  }

  @Test
  void aLogMayHaveManySmallEntries() throws IOException {
    TestLog log = openLog();
    for (int batch = 0; batch < 200; batch++) {
      log.append(100, 1 + batch / 50, batch % 20);
    }
    log.check();
    reopened(log).check();
  }

  @Test
  void theRecordsOfABatchApplyInTheirOrder() throws IOException {
    TestLog log = openLog();
    log.append(5, 1, 20);
    log.write(
        LogBatches.vote(2, "n2"),
        LogBatches.commands(6, 2, 2, 20),
        new WriteRecord.Truncate(4),
        LogBatches.commands(4, 3, 3, 30),
        new WriteRecord.Truncate(6),
        LogBatches.vote(3, "n3"),
        LogBatches.commands(6, 1, 4, 10));
    assertEquals(6, log.lastIndex());
    log.check();
    reopened(log).check();
  }

  @Test
  void aTruncationDropsItsIndexAndAllBehind() throws IOException {
    TestLog log = openLog();
    log.append(10, 1, 30);
    log.write(new WriteRecord.Truncate(7));
    assertEquals(List.of(), log.log.read(7, 8, 1));
    assertEquals(6, log.log.read(1, 20, Long.MAX_VALUE).size());
    reopened(log).check();
  }

  @Test
  void aTruncationMayDropEverythingOrNothing() throws IOException {
    TestLog log = openLog();
    log.append(10, 1, 30);
    log.write(new WriteRecord.Truncate(11));
    log.check();
    log.write(new WriteRecord.Truncate(1));
    assertEquals(List.of(), log.log.read(1, 2, 1));
    log.write(new WriteRecord.Truncate(1));
    log = reopened(log);
    assertEquals(RecoveredLog.EMPTY, log.log.recovered());
    log.append(3, 2, 30);
    reopened(log).check();
  }

  @Test
  void whatWasTruncatedIsOverwritten() throws IOException {
    TestLog log = openLog();
    for (int term = 1; term <= 20; term++) {
      log.append(8, term, 50 + term);
      log.write(new WriteRecord.Truncate(log.lastIndex() - 4), LogBatches.vote(term, "n1"));
      log.check();
    }
    reopened(forcedAndKilled(log)).check();
  }

  @Test
  void theLastHardStateCounts() throws IOException {
    TestLog log = openLog();
    List<HardState> states =
        List.of(
            HardState.withoutVote(1),
            new HardState(1, Optional.of(NodeId.of("n2")), Long.MIN_VALUE),
            HardState.withoutVote(2),
            new HardState(2, Optional.of(NodeId.of("x".repeat(64))), -1),
            new HardState(Long.MAX_VALUE, Optional.of(NodeId.of("n1")), Long.MAX_VALUE));
    for (HardState state : states) {
      log.write(new WriteRecord.SetHardState(state));
      log = reopened(log);
      assertEquals(state, log.log.recovered().hardState());
    }
    log.write(
        new WriteRecord.SetHardState(states.get(1)), new WriteRecord.SetHardState(states.get(3)));
    assertEquals(states.get(3), forcedAndKilled(log).log.recovered().hardState());
  }

  @Test
  void hardStateAndEntriesDoNotTouchEachOther() throws IOException {
    TestLog log = openLog();
    log.write(LogBatches.vote(5, "n2"));
    log.append(4, 5, 20);
    log.write(new WriteRecord.Truncate(1));
    log = reopened(log);
    assertEquals(5, log.log.recovered().hardState().term());
    assertEquals(0, log.log.recovered().lastIndex());
  }

  @Test
  void anEntryThatDoesNotFollowIsRefused() throws IOException {
    TestLog log = openLog();
    log.append(3, 1, 10);
    for (long wrong : new long[] {1, 3, 5, Long.MAX_VALUE}) {
      refused(log, LogBatches.append(LogBatches.command(wrong, 1, 10)));
    }
    refused(log, LogBatches.append(LogBatches.command(4, 1, 10), LogBatches.command(6, 1, 10)));
    refused(log, new WriteRecord.Truncate(2), LogBatches.append(LogBatches.command(3, 1, 10)));
    refused(log, LogBatches.vote(7, "n2"), LogBatches.append(LogBatches.command(9, 1, 10)));
  }

  @Test
  void aTruncationOutsideTheLogIsRefused() throws IOException {
    TestLog log = openLog();
    log.append(3, 1, 10);
    for (long wrong : new long[] {Long.MIN_VALUE, -1, 0, 5, Long.MAX_VALUE}) {
      refused(log, new WriteRecord.Truncate(wrong));
    }
  }

  @Test
  void aBatchOutOfSequenceIsRefused() throws IOException {
    TestLog log = openLog();
    for (int expected = 1; expected <= 3; expected++) {
      for (long wrong : new long[] {0, expected - 1, expected + 1, -expected}) {
        WriteBatch batch = LogBatches.batch(wrong, LogBatches.vote(9, "n2"));
        assertThrows(IllegalArgumentException.class, () -> log.log.write(batch));
      }
      log.append(1, 1, 10);
    }
    reopened(log).check();
  }

  @Test
  void sequencesBeginAnewWhenALogIsOpened() throws IOException {
    TestLog log = openLog();
    log.append(1, 1, 10);
    log.append(1, 1, 10);
    TestLog again = reopened(log);
    WriteBatch third = LogBatches.batch(3, LogBatches.vote(9, "n2"));
    assertThrows(IllegalArgumentException.class, () -> again.log.write(third));
    again.append(1, 1, 10);
    again.check();
  }

  /** A refused batch leaves no trace and does not use up its number. */
  private void refused(TestLog log, WriteRecord... records) throws IOException {
    WriteBatch batch = LogBatches.batch(log.nextSequence(), records);
    assertThrows(IllegalArgumentException.class, () -> log.log.write(batch));
    log.check();
    log.append(1, 1, 10);
    log.write(new WriteRecord.Truncate(log.lastIndex()));
    assertEquals(log.model(), forcedAndKilled(log).model());
  }
}
