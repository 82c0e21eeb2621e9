package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.LogEntry.Type;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a compaction or an install leaves of a log. */
abstract class StorageCompactionCases extends StorageReadingCases {

  private static final int RUNS = 6;
  private static final int STEPS = 150;

  @Test
  void aCompactionKeepsWhatIsBehindIt() throws IOException {
    TestLog log = openLog();
    for (int term = 1; term <= 10; term++) {
      log.append(5, term, 300);
    }
    for (long through : new long[] {1, 7, 20, 20, 33, 49}) {
      log.write(LogBatches.compact(through, (through + 4) / 5));
      log.check();
      assertEquals(1, log.log.read(through + 1, through + 2, 1).size());
      log = through % 2 == 0 ? reopened(log) : forcedAndKilled(log);
      log.check();
    }
  }

  @Test
  void whatIsCompactedIsThereAsItWasOrGone() throws IOException {
    TestLog log = openLog();
    log.append(50, 1, 300);
    List<LogEntry> entries = log.model().entries();
    log.write(LogBatches.compact(40, 1));
    log.force();
    for (TestLog at : List.of(log, afterKill(log))) {
      boolean there = false;
      for (int index = 1; index <= 41; index++) {
        List<LogEntry> read = at.log.read(index, index + 1, 1);
        assertTrue(!there || !read.isEmpty(), "a gap at " + index);
        there = !read.isEmpty();
        if (there) {
          assertEquals(List.of(entries.get(index - 1)), read);
        }
      }
      assertTrue(there);
    }
  }

  @Test
  void aWholeLogMayBeCompacted() throws IOException {
    TestLog log = openLog();
    log.append(20, 3, 300);
    log.write(LogBatches.vote(7, "n2"), LogBatches.compact(20, 3));
    log = forcedAndKilled(log);
    assertEquals(20, log.log.recovered().lastIndex());
    assertEquals(7, log.log.recovered().hardState().term());
    log.append(5, 8, 300);
    log.check();
    reopened(log).check();
  }

  @Test
  void hardStateOutlivesWhatItWasWrittenWith() throws IOException {
    TestLog log = openLog();
    log.write(LogBatches.vote(7, "n2"));
    for (int i = 0; i < 10; i++) {
      log.append(20, 7, 300);
      log.write(LogBatches.compact(log.lastIndex() - 3, 7));
      log = i % 2 == 0 ? forcedAndKilled(log) : reopened(log);
      assertEquals(log.model().hardState(), log.log.recovered().hardState());
    }
  }

  @Test
  void onlyRetainedConfigurationsAreFound() throws IOException {
    TestLog log = openLog();
    for (int i = 0; i < 6; i++) {
      log.append(9, 1, 300);
      log.write(
          LogBatches.append(LogBatches.entry(Type.CONFIGURATION, log.lastIndex() + 1, 1, 50, i)));
    }
    log.write(LogBatches.compact(45, 1));
    RecoveredLog found = forcedAndKilled(log).log.recovered();
    assertTrue(found.baseIndex() <= 45);
    assertTrue(
        found.configurations().stream().allMatch(entry -> entry.index() > found.baseIndex()));
    assertEquals(60, found.configurations().get(found.configurations().size() - 1).index());
  }

  @Test
  void whatTouchesWhatIsCompactedIsRefused() throws IOException {
    TestLog log = openLog();
    log.append(10, 2, 300);
    log.write(LogBatches.compact(6, 2));
    for (WriteRecord wrong :
        List.of(
            new WriteRecord.Truncate(6),
            new WriteRecord.Truncate(1),
            LogBatches.compact(11, 2),
            LogBatches.compact(8, 3),
            LogBatches.install(5, 9))) {
      WriteBatch batch = LogBatches.batch(log.nextSequence(), LogBatches.vote(9, "n9"), wrong);
      assertThrows(IllegalArgumentException.class, () -> log.log.write(batch), wrong.toString());
    }
    log.write(new WriteRecord.Truncate(7));
    log.append(1, 3, 10);
    forcedAndKilled(log).check();
  }

  @Test
  void anInstallTakesThePlaceOfALogThatEndsBefore() throws IOException {
    TestLog log = openLog();
    log.write(LogBatches.vote(7, "n2"));
    log.append(20, 3, 300);
    log.write(LogBatches.install(100, 5));
    assertEquals(100, log.lastIndex());
    assertEquals(List.of(), log.log.read(20, 21, 1));
    log = forcedAndKilled(log);
    assertEquals(100, log.log.recovered().baseIndex());
    assertEquals(5, log.log.recovered().baseTerm());
    log.append(20, 7, 300);
    log.check();
    reopened(log).check();
  }

  @Test
  void anInstallTakesThePlaceOfALogOfAnotherTerm() throws IOException {
    TestLog log = openLog();
    log.append(20, 3, 300);
    log.write(LogBatches.install(10, 5), LogBatches.commands(11, 3, 6, 300));
    assertEquals(13, log.lastIndex());
    log.check();
    assertEquals(List.of(), log.log.read(14, 15, 1));
    log = forcedAndKilled(log);
    log.write(new WriteRecord.Truncate(11), LogBatches.commands(11, 30, 7, 300));
    log.check();
    reopened(log).check();
  }

  @Test
  void anInstallKeepsWhatFollowsIt() throws IOException {
    TestLog log = openLog();
    log.append(20, 3, 300);
    log.write(LogBatches.install(10, 3));
    assertEquals(20, log.lastIndex());
    log.check();
    log = forcedAndKilled(log);
    assertEquals(20, log.log.recovered().lastIndex());
    reopened(log).check();
  }

  @Test
  void anInstallAndWhatIsWrittenWithItSurviveTogether() throws IOException {
    TestLog log = openLog();
    log.append(20, 3, 300);
    log.force();
    LogModel before = log.model();
    log.write(
        LogBatches.install(50, 5), LogBatches.vote(9, "n2"), LogBatches.commands(51, 2, 9, 300));
    TestLog after = afterKill(log);
    after.checkIs(after.lastIndex() == 20 ? before : log.model());
    forcedAndKilled(log).check();
  }

  @Test
  void aLifeWithSnapshotsIsAlwaysWhatTheModelSays() throws IOException {
    long first = Long.getLong("quorate.contract.seed", 1);
    for (long seed = first; seed < first + RUNS; seed++) {
      try {
        live(new Random(seed));
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dquorate.contract.seed=" + seed, e);
      }
    }
  }

  private void live(Random random) throws IOException {
    TestLog log = openLog(freshPath());
    for (int step = 0; step < STEPS; step++) {
      int dice = random.nextInt(100);
      if (dice < 75) {
        log.write(LogBatches.randomWithSnapshots(random, log.nextSequence(), log.model(), 200));
        log.check();
      } else if (dice < 90) {
        log.force();
      } else {
        TestLog before = log;
        log = random.nextBoolean() ? reopened(log) : forcedAndKilled(log);
        before.storage.close();
      }
    }
    log.storage.close();
  }
}
