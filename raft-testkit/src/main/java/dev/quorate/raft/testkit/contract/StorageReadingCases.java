package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a read returns, also while others write. */
abstract class StorageReadingCases extends StorageWritingCases {

  private static final int WRITES = 2_000;
  private static final int PAYLOAD = 100;

  @Test
  void everyRangeOfTheLogCanBeRead() throws IOException {
    TestLog log = openLog();
    for (int i = 1; i <= 4; i++) {
      log.append(3, i, 60 * i);
    }
    List<LogEntry> entries = log.model().entries();
    for (int from = 1; from <= 12; from++) {
      for (int to = from + 1; to <= 13; to++) {
        assertEquals(entries.subList(from - 1, to - 1), log.log.read(from, to, Long.MAX_VALUE));
      }
    }
  }

  @Test
  void aReadBeyondTheEndEndsThere() throws IOException {
    TestLog log = openLog();
    log.append(5, 1, 60);
    assertEquals(3, log.log.read(3, 100, Long.MAX_VALUE).size());
    assertEquals(3, log.log.read(3, Long.MAX_VALUE, Long.MAX_VALUE).size());
    assertEquals(List.of(), log.log.read(6, 7, Long.MAX_VALUE));
    assertEquals(List.of(), log.log.read(Long.MAX_VALUE - 1, Long.MAX_VALUE, 1));
  }

  @Test
  void aReadFromBeforeTheLogIsEmpty() throws IOException {
    TestLog log = openLog();
    log.append(5, 1, 60);
    assertEquals(List.of(), log.log.read(0, 3, Long.MAX_VALUE));
    assertEquals(List.of(), log.log.read(-7, 3, Long.MAX_VALUE));
  }

  @Test
  void aReadOfNoRangeIsRefused() throws IOException {
    TestLog log = openLog();
    log.append(5, 1, 60);
    assertThrows(IllegalArgumentException.class, () -> log.log.read(3, 3, 100));
    assertThrows(IllegalArgumentException.class, () -> log.log.read(3, 2, 100));
  }

  @Test
  void aReadStopsBehindTheEntryThatReachesTheLimit() throws IOException {
    TestLog log = openLog();
    log.append(5, 1, 60);
    long one = LogEntry.HEADER_BYTES + 60;
    assertEquals(1, log.log.read(1, 6, one).size());
    assertEquals(2, log.log.read(1, 6, one + 1).size());
    assertEquals(2, log.log.read(1, 6, 2 * one).size());
    assertEquals(3, log.log.read(2, 6, 2 * one + 1).size());
    assertEquals(5, log.log.read(1, 6, 5 * one).size());
    assertEquals(2, log.log.read(1, 3, 5 * one).size());
  }

  @Test
  void aReadReturnsOneEntryHoweverSmallTheLimit() throws IOException {
    TestLog log = openLog();
    log.append(3, 1, 100_000);
    for (long limit : new long[] {1, 0, -1, Long.MIN_VALUE}) {
      assertEquals(log.model().entries().subList(1, 2), log.log.read(2, 4, limit));
    }
  }

  @Test
  void whatWasReadOnceStaysAsItWas() throws IOException {
    TestLog log = openLog();
    log.append(20, 1, 500);
    List<LogEntry> before = log.model().entries();
    List<LogEntry> read = log.log.read(1, 21, Long.MAX_VALUE);
    log.write(new WriteRecord.Truncate(1));
    log.append(20, 2, 500);
    log.storage.close();
    assertEquals(before, read);
  }

  @Test
  void whatWasRecoveredDoesNotChange() throws IOException {
    TestLog log = openLog();
    log.append(3, 1, 10);
    log = reopened(log);
    RecoveredLog recovered = log.log.recovered();
    log.write(LogBatches.vote(4, "n2"), LogBatches.commands(4, 3, 4, 10));
    log.force();
    assertEquals(recovered, log.log.recovered());
    assertEquals(3, log.log.recovered().lastIndex());
  }

  /**
   * Each read is one of the logs that there were: a term stands for one version of the log, and an
   * older one's entries are never behind a newer one's.
   */
  @Test
  void readersSeeWholeLogsWhileOneWritesAndTruncates() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    TestLog log = openLog();
    List<CompletableFuture<Long>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(CompletableFuture.supplyAsync(() -> readUntil(log.log, stop)));
    }
    try {
      for (int term = 1; term <= WRITES; term++) {
        WriteRecord next = LogBatches.commands(log.lastIndex() + 1, 1, term, PAYLOAD);
        if (term % 7 == 0) {
          long from = log.lastIndex() - 3;
          log.write(new WriteRecord.Truncate(from), LogBatches.commands(from, 1, term, PAYLOAD));
        } else {
          log.write(next);
        }
        if (term % 100 == 0) {
          log.force();
        }
      }
    } finally {
      stop.set(true);
    }
    for (CompletableFuture<Long> reader : readers) {
      assertTrue(reader.get(20, TimeUnit.SECONDS) > 0);
    }
    log.check();
  }

  private static long readUntil(GroupLog log, AtomicBoolean stop) {
    long seen = 0;
    try {
      while (!stop.get() || seen == 0) {
        long index = 0;
        long term = 0;
        for (LogEntry entry : log.read(1, Long.MAX_VALUE, 50_000)) {
          assertEquals(LogBatches.command(entry.index(), entry.term(), PAYLOAD), entry);
          assertEquals(++index, entry.index());
          assertTrue(entry.term() >= term, "term " + entry.term() + " behind term " + term);
          term = entry.term();
          seen++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seen;
  }
}
