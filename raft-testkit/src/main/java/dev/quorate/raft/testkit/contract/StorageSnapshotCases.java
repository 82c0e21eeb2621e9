package dev.quorate.raft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.testkit.internal.tests.LogBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Snapshots: complete or not there, never changed, and read while others write. */
abstract class StorageSnapshotCases extends StorageCompactionCases {

  private static final long BOOT = -4711;

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    LogBatches.command(1, length, length).payload().get(bytes);
    return bytes;
  }

  private static SnapshotId id(long boot, long index, long term, byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new SnapshotId(boot, index, term, content.length, ByteBuffer.wrap(digest).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SnapshotId create(SnapshotStore store, long index, byte[] content)
      throws IOException {
    try (SnapshotSink sink = store.create(BOOT, index, 3)) {
      sink.write(ByteBuffer.wrap(content));
      assertEquals(content.length, sink.position());
      return sink.commit();
    }
  }

  private static byte[] read(SnapshotSource source, int piece) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(source.id().length()));
    ByteBuffer some = ByteBuffer.allocate(piece);
    while (source.read(all.position(), some) >= 0) {
      assertTrue(some.position() > 0, "nothing was read at " + all.position());
      all.put(some.flip());
      some.clear();
    }
    assertEquals(0, all.remaining());
    return all.array();
  }

  private static byte[] read(SnapshotStore store, SnapshotId id) throws IOException {
    try (SnapshotSource source = store.open(id)) {
      assertEquals(id, source.id());
      return read(source, 10_000);
    }
  }

  private static SnapshotStore snapshots(TestLog log) throws IOException {
    return log.storage.openSnapshots(GROUP);
  }

  @Test
  void aSnapshotIsReadAsItWasWritten() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    for (int length : new int[] {0, 1, 4_096, 65_536, 200_001}) {
      byte[] content = content(length);
      SnapshotId id = create(store, length + 1, content);
      assertEquals(id(BOOT, length + 1, 3, content), id);
      assertArrayEquals(content, read(store, id));
    }
    SnapshotStore killed = snapshots(afterKill(log));
    assertEquals(store.list(), killed.list());
    for (SnapshotId id : killed.list()) {
      assertArrayEquals(content((int) id.length()), read(killed, id));
    }
  }

  @Test
  void aSnapshotCanBeReadFromAnywhere() throws IOException {
    SnapshotStore store = snapshots(openLog());
    byte[] content = content(150_000);
    try (SnapshotSource source = store.open(create(store, 9, content))) {
      for (int from = 0; from < content.length; from += 733) {
        ByteBuffer into = ByteBuffer.allocate(1 + 31 * from % 70_000);
        int count = source.read(from, into);
        assertTrue(count > 0);
        assertEquals(count, into.position());
        assertArrayEquals(
            Arrays.copyOfRange(content, from, from + count), Arrays.copyOf(into.array(), count));
      }
      assertEquals(-1, source.read(content.length, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void theNewestSnapshotIsTheFirst() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    for (long index : new long[] {5, 100, 20, 9}) {
      create(store, index, content((int) index));
    }
    for (SnapshotStore at : List.of(store, snapshots(reopened(log)))) {
      assertEquals(List.of(100L, 20L, 9L, 5L), at.list().stream().map(SnapshotId::index).toList());
    }
  }

  @Test
  void whatIsNotCommittedIsNotThere() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    SnapshotSink open = store.create(BOOT, 5, 3);
    open.write(ByteBuffer.wrap(content(100_000)));
    try (SnapshotSink given = store.create(BOOT, 6, 3)) {
      given.write(ByteBuffer.wrap(content(100)));
    }
    assertEquals(List.of(), store.list());
    assertEquals(List.of(), snapshots(afterKill(log)).list());
    open.close();
    assertEquals(List.of(), store.list());
  }

  @Test
  void aCopyIsGoneOnWithWhereItWasLeft() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    byte[] content = content(150_000);
    SnapshotId id = id(77, 5, 3, content);
    int at = 0;
    for (int part : new int[] {0, 1_000, 70_000, 10}) {
      try (SnapshotSink sink = store.receive(id)) {
        assertEquals(at, sink.position());
        sink.write(ByteBuffer.wrap(content, at, part));
        at += part;
      }
    }
    assertEquals(List.of(), store.list());
    try (SnapshotSink sink = store.receive(id)) {
      sink.write(ByteBuffer.wrap(content, at, content.length - at));
      assertEquals(id, sink.commit());
    }
    assertEquals(List.of(id), store.list());
    assertArrayEquals(content, read(snapshots(afterKill(log)), id));
  }

  @Test
  void anotherCopyGivesUpTheOneThatWasLeft() throws IOException {
    SnapshotStore store = snapshots(openLog());
    SnapshotId one = id(77, 5, 3, content(1_000));
    SnapshotId other = id(78, 5, 3, content(1_000));
    for (SnapshotId id : List.of(one, other, one)) {
      try (SnapshotSink sink = store.receive(id)) {
        assertEquals(0, sink.position());
        sink.write(ByteBuffer.wrap(content(1_000), 0, 500));
      }
    }
  }

  @Test
  void aCopyMustBeWhatWasAnnounced() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    byte[] content = content(1_000);
    SnapshotId id = id(77, 5, 3, content);
    byte[] changed = content.clone();
    changed[500] ^= 1;
    for (byte[] wrong : List.of(changed, Arrays.copyOf(content, 999))) {
      try (SnapshotSink sink = store.receive(id)) {
        assertEquals(0, sink.position());
        sink.write(ByteBuffer.wrap(wrong));
        assertThrows(CorruptionException.class, sink::commit);
      }
    }
    assertEquals(List.of(), store.list());
    assertEquals(List.of(), snapshots(afterKill(log)).list());
  }

  @Test
  void aSinkIsOfNoUseAfterItsEnd() throws IOException {
    SnapshotStore store = snapshots(openLog());
    SnapshotSink committed = store.create(BOOT, 5, 3);
    SnapshotId id = committed.commit();
    SnapshotSink closed = store.create(BOOT, 6, 3);
    closed.close();
    for (SnapshotSink sink : List.of(committed, closed)) {
      assertThrows(IOException.class, () -> sink.write(ByteBuffer.allocate(1)));
      assertThrows(IOException.class, sink::commit);
      sink.close();
    }
    assertEquals(List.of(id), store.list());
  }

  @Test
  void aSnapshotThatIsDeletedCanBeReadWhereItIsOpen() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    byte[] content = content(150_000);
    SnapshotId id = create(store, 5, content);
    SnapshotId kept = create(store, 6, content);
    try (SnapshotSource source = store.open(id)) {
      store.delete(id);
      assertEquals(List.of(kept), store.list());
      assertThrows(IOException.class, () -> store.open(id));
      assertArrayEquals(content, read(source, 1_000));
    }
    store.delete(id);
    assertEquals(List.of(kept), snapshots(reopened(log)).list());
  }

  @Test
  void groupsHaveSnapshotsOfTheirOwn() throws IOException {
    TestLog log = openLog();
    log.storage.openLog("another");
    SnapshotId id = create(snapshots(log), 5, content(10));
    SnapshotStore another = log.storage.openSnapshots("another");
    assertEquals(List.of(), another.list());
    assertThrows(IOException.class, () -> another.open(id));
  }

  @Test
  void snapshotsAreOpenedBehindTheirLogAndOnce() throws IOException {
    TestLog log = openLog();
    assertThrows(IllegalStateException.class, () -> log.storage.openSnapshots("another"));
    SnapshotStore store = snapshots(log);
    assertThrows(IllegalStateException.class, () -> log.storage.openSnapshots(GROUP));
    SnapshotId id = create(store, 5, content(10));
    log.log.close();
    assertThrows(IllegalStateException.class, () -> log.storage.openSnapshots(GROUP));
    log.storage.openLog(GROUP);
    assertEquals(List.of(id), log.storage.openSnapshots(GROUP).list());
  }

  @Test
  void aSnapshotThatRottedIsNeverReadAsAnythingElse() throws IOException {
    TestLog log = openLog();
    byte[] content = content(70_000);
    SnapshotId id = create(snapshots(log), 5, content);
    Path image = freshPath();
    killedImage(directory, image);
    Random random = new Random(8);
    for (int i = 0; i < 20; i++) {
      Path damaged = freshPath();
      killedImage(directory, damaged);
      for (Path file : filesIn(damaged)) {
        if (Files.size(file) > content.length) {
          rot(file, random);
        }
      }
      TestLog again = openLog(damaged);
      try {
        SnapshotStore store = snapshots(again);
        if (store.list().contains(id)) {
          assertArrayEquals(content, read(store, id));
        }
      } catch (IOException e) {
        // Saying so is right.
        continue;
      }
    }
  }

  /** The engine takes one anew at the same index when it finds that it has rotted. */
  @Test
  void aSnapshotThatIsMadeAgainTakesTheRottenOnesPlace() throws IOException {
    TestLog log = openLog();
    SnapshotStore store = snapshots(log);
    byte[] content = content(70_000);
    SnapshotId id = create(store, 5, content);
    Random random = new Random(9);
    for (Path file : filesIn(directory)) {
      if (Files.size(file) > content.length) {
        rot(file, random);
      }
    }
    assertEquals(id, create(store, 5, content));
    assertEquals(List.of(id), store.list());
    assertArrayEquals(content, read(store, id));
  }
}
