package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose directory it is, who may open it, and what closing means. */
abstract class StorageOpeningCases extends StorageFixture {

  private static final long MUCH_BYTES = 256 << 10;

  @Test
  void theProviderHasAShortName() {
    String name = provider().name();
    assertTrue(name.matches("[a-z0-9]+"), name);
    assertEquals(name, provider().name());
  }

  @Test
  void aKeyOfItsOwnThatItDoesNotKnowIsRefused() throws IOException {
    String key = "raft.storage." + provider().name() + ".no-such-key";
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> openWith(directory, key));
    assertTrue(refusal.getMessage().contains(key), refusal.getMessage());
    open(directory);
  }

  @Test
  void keysOfOthersAreLeftAlone() throws IOException {
    openWith(freshPath(), "raft.storage.another1.key");
    openWith(freshPath(), "raft.transport." + provider().name() + ".key");
  }

  private Storage openWith(Path where, String key) throws IOException {
    return open(context(where, CLUSTER, NODE, INCARNATION, settings().with(key, "x")));
  }

  @Test
  void aNewLogIsEmpty() throws IOException {
    GroupLog log = open(directory).openLog(GROUP);
    assertEquals(RecoveredLog.EMPTY, log.recovered());
    assertEquals(List.of(), log.read(1, 2, 1));
  }

  @Test
  void theIncarnationIsThatOfTheFirstOpening() throws IOException {
    for (long drawn = INCARNATION; drawn < INCARNATION + 3; drawn++) {
      try (Storage storage = open(context(directory, CLUSTER, NODE, drawn, settings()))) {
        assertEquals(INCARNATION, storage.incarnation());
      }
    }
    Path other = freshPath();
    assertEquals(-1, open(context(other, CLUSTER, NODE, -1, settings())).incarnation());
  }

  @Test
  void theIncarnationIsDurableBeforeAnythingElse() throws IOException {
    open(directory);
    Path image = freshPath();
    killedImage(directory, image);
    assertEquals(
        INCARNATION,
        open(context(image, CLUSTER, NODE, INCARNATION + 1, settings())).incarnation());
  }

  @Test
  void theDirectoryOfAnotherNodeOrClusterIsRefusedAndUnharmed() throws IOException {
    TestLog log = openLog();
    log.append(3, 1, 50);
    log.storage.close();
    NodeId other = NodeId.of("n2");
    assertThrows(IOException.class, () -> open(context(directory, CLUSTER, other, 1, settings())));
    assertThrows(IOException.class, () -> open(context(directory, "other", NODE, 1, settings())));
    TestLog again = openLog();
    assertEquals(INCARNATION, again.storage.incarnation());
    assertEquals(log.model(), again.model());
  }

  @Test
  void aDirectoryThatIsOpenIsRefusedAndTheHolderNamed() throws IOException {
    TestLog log = openLog();
    for (int i = 0; i < 3; i++) {
      IOException refusal = assertThrows(IOException.class, () -> open(directory));
      assertTrue(refusal.getMessage().contains(HOLDER), refusal.getMessage());
    }
    Path roundabout = directory.resolve("..").resolve(directory.getFileName());
    assertThrows(IOException.class, () -> open(roundabout));
    log.append(1, 1, 50);
    reopened(forcedAndKilled(log));
    reopened(log);
  }

  @Test
  void aGroupMustHaveALegalName() throws IOException {
    Storage storage = open(directory);
    for (String illegal : List.of("", "a/b", "a\\b", "a b", "ä", "x".repeat(65))) {
      assertThrows(IllegalArgumentException.class, () -> storage.openLog(illegal), illegal);
    }
    storage.openLog("x".repeat(64));
  }

  @Test
  void groupsWithSimilarNamesHaveLogsOfTheirOwn() throws IOException {
    List<String> groups = List.of("g", "G", "g.", ".", "..", "-", "_", "g-1", "g_1");
    Storage storage = open(directory);
    for (int i = 0; i < groups.size(); i++) {
      TestLog log = new TestLog(directory, storage, groups.get(i));
      log.write(LogBatches.vote(i + 1, "n2"), LogBatches.commands(1, i + 1, i + 1, 30));
    }
    storage.force();
    storage.close();
    Storage again = open(directory);
    for (int i = 0; i < groups.size(); i++) {
      TestLog log = new TestLog(directory, again, groups.get(i));
      assertEquals(i + 1, log.lastIndex(), groups.get(i));
      assertEquals(i + 1, log.model().hardState().term(), groups.get(i));
    }
  }

  @Test
  void whatHappensToOneGroupDoesNotTouchAnother() throws IOException {
    Storage storage = open(directory);
    TestLog a = new TestLog(directory, storage, "a");
    TestLog b = new TestLog(directory, storage, "b");
    for (int i = 1; i <= 30; i++) {
      a.append(3, 1, 70);
      b.append(2, 2, 90);
    }
    a.write(new WriteRecord.Truncate(1), LogBatches.vote(9, "n3"));
    a.check();
    b.check();
    a.log.close();
    b.append(1, 2, 10);
    b.check();
    assertEquals(a.model(), new TestLog(directory, storage, "a").model());
    assertEquals(HardState.INITIAL, b.model().hardState());
  }

  @Test
  void oneForceIsForAllGroups() throws IOException {
    Storage storage = open(directory);
    TestLog a = new TestLog(directory, storage, "a");
    TestLog b = new TestLog(directory, storage, "b");
    a.append(5, 1, 100);
    b.append(7, 1, 100);
    storage.force();
    Path image = freshPath();
    killedImage(directory, image);
    Storage again = open(image);
    assertEquals(a.model(), new TestLog(image, again, "a").model());
    assertEquals(b.model(), new TestLog(image, again, "b").model());
  }

  @Test
  void aLogIsOpenOnce() throws IOException {
    TestLog log = openLog();
    assertThrows(IllegalStateException.class, () -> log.storage.openLog(GROUP));
    log.append(1, 1, 10);
    log.check();
    log.log.close();
    GroupLog again = log.storage.openLog(GROUP);
    assertNotSame(log.log, again);
    assertEquals(log.model().recovered(), again.recovered());
  }

  /** For storages that remove groups. */
  @Test
  void aRemovedGroupIsGoneAndDoesNotComeBack() throws IOException {
    Storage storage = open(directory);
    TestLog gone = new TestLog(directory, storage, "gone");
    TestLog kept = new TestLog(directory, storage, "kept");
    gone.append(5, 1, 100);
    kept.append(7, 1, 100);
    storage.force();
    assumeTrue(removesGroups(storage));
    assertThrows(IllegalArgumentException.class, () -> storage.removeGroup("a/b"));
    assertThrows(IllegalStateException.class, () -> storage.removeGroup("gone"));
    gone.check();
    gone.log.close();
    assertTrue(storage.removeGroup("gone"));
    assertFalse(storage.removeGroup("gone"), "a second time");
    kept.append(1, 1, 10);
    kept.check();
    storage.force();
    Path image = freshPath();
    killedImage(directory, image);
    for (Storage after : List.of(storage, open(image))) {
      GroupRemovedException refusal =
          assertThrows(GroupRemovedException.class, () -> after.openLog("gone"));
      assertEquals("gone", refusal.group());
      assertFalse(after.removeGroup("gone"));
    }
    assertThrows(IllegalStateException.class, () -> storage.removeGroup("kept"));
  }

  private static boolean removesGroups(Storage storage) throws IOException {
    try {
      assertFalse(storage.removeGroup("never-there"));
      storage.openLog("never-there").close();
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  @Test
  void aClosedLogRefusesEverything() throws IOException {
    TestLog log = openLog();
    log.append(2, 1, 10);
    log.log.close();
    log.log.close();
    assertThrows(IOException.class, () -> log.append(1, 1, 10));
    assertThrows(IOException.class, () -> log.log.read(1, 2, 1));
    assertEquals(RecoveredLog.EMPTY, log.log.recovered());
    log.storage.force();
  }

  @Test
  void aClosedStorageRefusesEverything() throws IOException {
    TestLog log = openLog();
    log.append(2, 1, 10);
    log.storage.close();
    log.storage.close();
    assertThrows(IOException.class, () -> log.storage.openLog("another"));
    assertThrows(IOException.class, () -> log.storage.force());
    assertThrows(IOException.class, () -> log.append(1, 1, 10));
    assertThrows(IOException.class, () -> log.log.read(1, 2, 1));
    log.log.close();
  }

  /** Commands as short as they can be, and as many as were promised room. */
  @Test
  void whatWasPromisedRoomIsTaken() throws IOException {
    Storage storage = open(directory);
    long reserve = storage.reserveBytes();
    assertTrue(reserve > Storage.ENTRY_OVERHEAD_BYTES, reserve + " bytes");
    TestLog log = new TestLog(directory, storage, GROUP);
    for (int round = 0; round < 3; round++) {
      assertTrue(storage.hasSpace());
      long cost = LogEntry.HEADER_BYTES + Storage.ENTRY_OVERHEAD_BYTES;
      for (long left = Math.min(reserve, MUCH_BYTES); left >= cost; left -= cost) {
        log.append(1, 1, 0);
      }
      log.force();
      assertEquals(reserve, storage.reserveBytes());
    }
  }

  @Test
  void aForceWithNothingToForceIsHarmless() throws IOException {
    Storage storage = open(directory);
    storage.force();
    TestLog log = new TestLog(directory, storage, GROUP);
    storage.force();
    log.append(1, 1, 10);
    storage.force();
    storage.force();
    log.check();
  }
}
