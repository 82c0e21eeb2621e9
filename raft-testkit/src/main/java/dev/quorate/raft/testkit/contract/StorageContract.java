package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.LogEntry.Type;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link dev.quorate.raft.api.storage} promises, as tests that every storage passes, on real
 * directories. A test class that extends this one and names its provider has all of them; it had
 * better configure files that are as small as the storage allows, so that the cases meet their ends
 * often.
 *
 * <p>What a test on a real file system cannot show is left to the plug-in: the loss of power, a
 * full disk, a write that fails. The simulated disk in {@link dev.quorate.raft.testkit.disk} can.
 *
 * <p>{@code -Dquorate.contract.seed=N} begins the random runs at another seed; a run that fails
 * names its own.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class StorageContract extends StorageSnapshotCases {

  private static final int RUNS = 6;
  private static final int STEPS = 150;

  /** For subclasses, whose instances the test engine makes. */
  protected StorageContract() {}

  @Test
  void closingForcesWhatWasWritten() throws IOException {
    TestLog log = openLog();
    log.write(LogBatches.vote(3, "n2"), LogBatches.commands(1, 5, 3, 200));
    reopened(log).check();
  }

  @Test
  void closingALogForcesWhatWasWrittenToIt() throws IOException {
    TestLog log = openLog();
    log.write(LogBatches.vote(3, "n2"), LogBatches.commands(1, 5, 3, 200));
    log.log.close();
    assertEquals(log.model(), afterKill(log).model());
  }

  @Test
  void whatWasForcedSurvivesAKill() throws IOException {
    TestLog log = openLog();
    for (int i = 1; i <= 10; i++) {
      log.append(i, i, 150);
      if (i % 3 == 0) {
        log.write(new WriteRecord.Truncate(log.lastIndex()), LogBatches.vote(i, "n2"));
      }
      forcedAndKilled(log).check();
    }
  }

  @Test
  void whatAKillLeavesIsTheLogBehindSomeBatch() throws IOException {
    TestLog log = openLog();
    log.append(4, 1, 100);
    log.force();
    List<LogModel> possible = new ArrayList<>(List.of(log.model()));
    for (int i = 0; i < 10; i++) {
      log.write(
          LogBatches.vote(i + 2, "n2"),
          new WriteRecord.Truncate(log.lastIndex()),
          LogBatches.commands(log.lastIndex(), 3, i + 2, 100));
      possible.add(log.model());
    }
    TestLog killed = afterKill(log);
    assertTrue(possible.contains(killed.model()), killed.model().toString());
  }

  @Test
  void whatWasReadBackIsDurable() throws IOException {
    TestLog log = openLog();
    log.append(4, 1, 100);
    TestLog first = afterKill(log);
    TestLog second = afterKill(first);
    assertEquals(first.model(), second.model());
    second.append(2, 1, 100);
    assertEquals(second.model(), forcedAndKilled(second).model());
  }

  @Test
  void aLogGrowsOnThroughManyLives() throws IOException {
    TestLog log = openLog();
    for (int life = 1; life <= 15; life++) {
      log.append(5, life, 300);
      log = life % 2 == 0 ? reopened(log) : forcedAndKilled(log);
    }
    assertEquals(75, log.lastIndex());
    log.check();
  }

  @Test
  void theBeginningsOfTermsAreFound() throws IOException {
    TestLog log = openLog();
    for (int term : new int[] {1, 1, 2, 5, 5, 6}) {
      log.append(2, term, 10);
    }
    log.write(new WriteRecord.Truncate(8), LogBatches.commands(8, 2, 9, 10));
    assertEquals(
        List.of(new TermStart(1, 1), new TermStart(5, 2), new TermStart(7, 5), new TermStart(8, 9)),
        reopened(log).log.recovered().terms());
  }

  @Test
  void theRetainedConfigurationsAreFound() throws IOException {
    TestLog log = openLog();
    List<LogEntry> written = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      log.append(3, 1, 100);
      LogEntry entry = LogBatches.entry(Type.CONFIGURATION, log.lastIndex() + 1, 1, 200, i);
      log.write(LogBatches.append(entry));
      written.add(entry);
    }
    log.write(new WriteRecord.Truncate(written.get(4).index()));
    log = reopened(log);
    assertEquals(written.subList(0, 4), log.log.recovered().configurations());
    assertEquals(written.subList(0, 4), forcedAndKilled(log).log.recovered().configurations());
  }

  @Test
  void aByteThatRottedWhileClosedIsNeverTakenForWhatWasWritten() throws IOException {
    TestLog log = openLog();
    List<LogModel> possible = new ArrayList<>(List.of(LogModel.EMPTY));
    for (int i = 1; i <= 20; i++) {
      log.write(LogBatches.vote(i, "n2"), LogBatches.commands(log.lastIndex() + 1, 2, i, 200));
      possible.add(log.model());
    }
    log.storage.close();
    Random random = new Random(5);
    for (Path file : filesIn(directory)) {
      for (int i = 0; i < 5 && Files.size(file) > 0; i++) {
        Path image = freshPath();
        killedImage(directory, image);
        rot(image.resolve(directory.relativize(file).toString()), random);
        try (Storage storage = provider().open(contextOf(image))) {
          LogModel found = LogModel.of(storage.openLog(GROUP), 700);
          assertTrue(possible.contains(found), file + " is damaged and gives " + found);
        } catch (IOException e) {
          // Refusing to serve is the other right answer.
          continue;
        }
      }
    }
  }

  @Test
  void aByteThatRottedWhileOpenIsNeverReadAsWhatWasWritten() throws IOException {
    TestLog log = openLog();
    log.append(20, 1, 300);
    log.force();
    Random random = new Random(6);
    for (Path file : filesIn(directory)) {
      if (Files.size(file) > 0) {
        rot(file, random);
      }
    }
    for (int index = 1; index <= 20; index++) {
      List<LogEntry> read;
      try {
        read = log.log.read(index, index + 1, 1);
      } catch (IOException e) {
        // Saying so is right.
        continue;
      }
      assertEquals(log.model().entries().subList(index - 1, index), read);
    }
  }

  private StorageContext contextOf(Path where) {
    return context(where, CLUSTER, NODE, INCARNATION, settings());
  }

  @Test
  void aRandomLifeIsAlwaysWhatTheModelSays() throws IOException {
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
        log.write(LogBatches.random(random, log.nextSequence(), log.model(), 200));
      } else if (dice < 90) {
        log.force();
      } else if (dice < 95) {
        checkSomeReads(log, random);
      } else {
        TestLog before = log;
        log = random.nextBoolean() ? reopened(log) : forcedAndKilled(log);
        before.storage.close();
      }
    }
    log.check();
    log.storage.close();
  }

  private static void checkSomeReads(TestLog log, Random random) throws IOException {
    log.check();
    GroupLog reader = log.log;
    int last = (int) log.lastIndex();
    assertEquals(List.of(), reader.read(last + 1, last + 2, 10));
    if (last > 0) {
      int from = 1 + random.nextInt(last);
      int to = from + 1 + random.nextInt(5);
      assertEquals(
          log.model().entries().subList(from - 1, Math.min(last, to - 1)),
          reader.read(from, to, Long.MAX_VALUE));
      assertEquals(1, reader.read(from, last + 1, 1).size());
    }
  }
}
