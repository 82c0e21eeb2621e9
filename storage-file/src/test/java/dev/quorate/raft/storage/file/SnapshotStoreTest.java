package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots are complete or not there, and what fails with one fails nothing else. */
class SnapshotStoreTest {

  private static final String SNAPSHOTS = Rig.SEGMENTS + "snapshots/";
  private static final int CHUNK = SnapshotHeader.CHUNK_BYTES;

  private Disk disk;
  private Rig rig;
  private SnapshotStore store;

  @BeforeEach
  void open() throws IOException {
    open(new Disk());
  }

  private void open(Disk on) throws IOException {
    disk = on;
    rig = Rig.open(disk);
    store = rig.storage.openSnapshots(Rig.GROUP);
  }

  private List<String> names() {
    return disk.files().keySet().stream()
        .filter(name -> name.startsWith(SNAPSHOTS))
        .map(name -> name.substring(SNAPSHOTS.length()))
        .toList();
  }

  private void checkTheLogGoesOn() throws IOException {
    rig.append(100);
    rig.force();
    rig.check();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000})
  void whatIsWrittenIsReadWhereverOneBegins(int length) throws IOException {
    byte[] content = Snapshots.content(length, length);
    SnapshotId id = Snapshots.create(store, 5, 2, content);
    assertThat(id).isEqualTo(Snapshots.id(5, 2, content));
    open(disk.powerLost(1));
    assertThat(store.list()).containsExactly(id);
    Random random = new Random(length);
    try (SnapshotSource source = store.open(id)) {
      assertThat(source.id()).isEqualTo(id);
      assertThat(Snapshots.read(source, CHUNK + 17)).isEqualTo(content);
      for (int i = 0; i < 100; i++) {
        int from = random.nextInt(length + 1);
        ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(2 * CHUNK));
        int count = source.read(from, into);
        assertThat(count).isEqualTo(from == length ? -1 : Math.min(into.capacity(), length - from));
        assertThat(Arrays.copyOf(into.array(), into.position()))
            .isEqualTo(Arrays.copyOfRange(content, from, from + into.position()));
      }
      assertThat(source.read(0, ByteBuffer.allocate(0))).isEqualTo(length == 0 ? -1 : 0);
      assertThatThrownBy(() -> source.read(length + 1L, ByteBuffer.allocate(1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void theNewestIsTheFirst() throws IOException {
    SnapshotId second = Snapshots.create(store, 12, 2, Snapshots.content(10, 1));
    SnapshotId third = Snapshots.create(store, 3, 1, Snapshots.content(10, 2));
    SnapshotId first = Snapshots.create(store, 100, 2, Snapshots.content(10, 3));
    assertThat(store.list()).containsExactly(first, second, third);
    open(disk.killed());
    assertThat(store.list()).containsExactly(first, second, third);
  }

  @Test
  void nothingIsThereBeforeTheCommitOrWithoutIt() throws IOException {
    try (SnapshotSink sink = store.create(Snapshots.BOOT, 5, 2)) {
      Snapshots.write(sink, Snapshots.content(100_000, 1), 0, 100_000);
      assertThat(sink.position()).isEqualTo(100_000);
      assertThat(store.list()).isEmpty();
      assertThat(names()).hasSize(1);
    }
    assertThat(names()).isEmpty();
    store.create(Snapshots.BOOT, 5, 2).write(ByteBuffer.allocate(100));
    store.receive(Snapshots.id(9, 9, new byte[10])).close();
    assertThat(names()).hasSize(2);
    open(disk.killed());
    assertThat(names()).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void aCopyIsGoneOnWithWhereItWasLeft() throws IOException {
    byte[] content = Snapshots.content(200_000, 7);
    SnapshotId id = Snapshots.id(5, 2, content);
    int at = 0;
    for (int step : new int[] {0, 1000, CHUNK - 1000, 70_000}) {
      try (SnapshotSink sink = store.receive(id)) {
        assertThat(sink.position()).isEqualTo(at);
        Snapshots.write(sink, content, at, at + step);
        at += step;
      }
      assertThat(disk.openChannels()).isEqualTo(3);
    }
    SnapshotSink sink = store.receive(id);
    Snapshots.write(sink, content, at, content.length);
    assertThat(sink.commit()).isEqualTo(id);
    sink.close();
    assertThat(names()).hasSize(1);
    open(disk.powerLost(1));
    assertThat(Snapshots.read(store, id)).isEqualTo(content);
  }

  @Test
  void aClosedSinkHasNoHoldOnTheOneThatGoesOn() throws IOException {
    byte[] content = Snapshots.content(1000, 7);
    SnapshotId id = Snapshots.id(5, 2, content);
    SnapshotSink first = store.receive(id);
    Snapshots.write(first, content, 0, 500);
    first.close();
    SnapshotSink second = store.receive(id);
    first.close();
    assertThatThrownBy(() -> first.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    assertThatThrownBy(first::commit).isInstanceOf(IOException.class);
    Snapshots.write(second, content, 500, 1000);
    assertThat(second.commit()).isEqualTo(id);
    second.close();
  }

  @Test
  void aCopyOfAnotherSnapshotGivesUpTheOneThatWasLeft() throws IOException {
    byte[] content = Snapshots.content(1000, 7);
    SnapshotId one = Snapshots.id(5, 2, content);
    SnapshotId other = new SnapshotId(one.boot() + 1, 5, 2, 1000, one.hash());
    SnapshotSink left = store.receive(one);
    Snapshots.write(left, content, 0, 500);
    left.close();
    try (SnapshotSink sink = store.receive(other)) {
      assertThat(sink.position()).isZero();
      assertThat(names()).hasSize(1);
    }
    try (SnapshotSink sink = store.receive(one)) {
      assertThat(sink.position()).isZero();
    }
    assertThat(names()).hasSize(1);
  }

  @Test
  void whatIsNotWhatWasAnnouncedIsRefused() throws IOException {
    byte[] content = Snapshots.content(1000, 7);
    SnapshotId id = Snapshots.id(5, 2, content);
    byte[] changed = content.clone();
    changed[999] ^= 1;
    SnapshotSink wrong = store.receive(id);
    Snapshots.write(wrong, changed, 0, 1000);
    assertThatThrownBy(wrong::commit).isInstanceOf(CorruptionException.class);
    wrong.close();
    SnapshotSink small = store.receive(id);
    assertThat(small.position()).isZero();
    Snapshots.write(small, content, 0, 999);
    assertThatThrownBy(small::commit).isInstanceOf(CorruptionException.class);
    small.close();
    SnapshotSink large = store.receive(id);
    Snapshots.write(large, content, 0, 1000);
    assertThatThrownBy(() -> large.write(ByteBuffer.allocate(1)))
        .isInstanceOf(CorruptionException.class);
    assertThatThrownBy(large::commit).isInstanceOf(IOException.class);
    large.close();
    assertThat(names()).isEmpty();
    assertThat(store.list()).isEmpty();
    assertThat(disk.openChannels()).isEqualTo(3);
  }

  @Test
  void theSameSnapshotTwiceIsOne() throws IOException {
    byte[] content = Snapshots.content(1000, 7);
    SnapshotId id = Snapshots.create(store, 5, 2, content);
    try (SnapshotSink sink = store.receive(id)) {
      Snapshots.write(sink, content, 0, 1000);
      assertThat(sink.commit()).isEqualTo(id);
    }
    assertThat(store.list()).containsExactly(id);
    assertThat(names()).hasSize(1);
  }

  @Test
  void whatIsDeletedWhileItIsOpenCanBeRead() throws IOException {
    byte[] content = Snapshots.content(200_000, 7);
    SnapshotId id = Snapshots.create(store, 5, 2, content);
    try (SnapshotSource source = store.open(id)) {
      store.delete(id);
      assertThat(store.list()).isEmpty();
      assertThat(names()).isEmpty();
      assertThat(Snapshots.read(source, 1000)).isEqualTo(content);
    }
    store.delete(id);
    assertThatThrownBy(() -> store.open(id)).isInstanceOf(NoSuchFileException.class);
    open(disk.powerLost(1));
    assertThat(store.list()).isEmpty();
  }

  @Test
  void aFullDiskIsSaidAndNothingIsLeft() throws IOException {
    checkTheLogGoesOn();
    disk.free(100_000);
    SnapshotSink sink = store.create(Snapshots.BOOT, 5, 2);
    assertThatThrownBy(() -> Snapshots.write(sink, new byte[500_000], 0, 500_000))
        .isInstanceOf(NoSpaceException.class);
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    assertThatThrownBy(sink::commit).isInstanceOf(IOException.class);
    sink.close();
    SnapshotId large = new SnapshotId(1, 5, 2, 1 << 30, 0);
    assertThatThrownBy(() -> store.receive(large)).isInstanceOf(NoSpaceException.class);
    assertThat(names()).isEmpty();
    checkTheLogGoesOn();
    disk.free(1 << 20);
    byte[] content = Snapshots.content(500_000, 1);
    assertThat(Snapshots.read(store, Snapshots.create(store, 5, 2, content))).isEqualTo(content);
  }

  /** Every step on the way to a snapshot, and none of them concerns the log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "create " + Rig.SEGMENTS + "snapshots",
        "create " + SNAPSHOTS,
        "write " + SNAPSHOTS,
        "force " + SNAPSHOTS,
        "rename " + SNAPSHOTS,
        "force " + Rig.SEGMENTS + "snapshots",
      })
  void whatFailsLeavesNothingAndDoesNotHarmTheLog(String failing) throws IOException {
    disk.fail(
        operation ->
            failing.endsWith("/") ? operation.startsWith(failing) : operation.equals(failing));
    assertThatThrownBy(() -> Snapshots.create(store, 5, 2, new byte[100_000]))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CorruptionException.class);
    assertThat(names()).isEmpty();
    assertThat(store.list()).isEmpty();
    checkTheLogGoesOn();
    assertThat(rig.storage.hasSpace()).isTrue();
    disk.fail(operation -> false);
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[100_000]);
    open(disk.powerLost(2));
    assertThat(store.list()).containsExactly(id);
  }

  /** A name that a failed force left in the cache only must not be built upon after a restart. */
  @Test
  void aDirectoryThatWasNeverForcedIsMadeAnew() throws IOException {
    disk.crashAt(1);
    assertThatThrownBy(() -> store.create(Snapshots.BOOT, 5, 2)).isInstanceOf(SimulatedCrash.class);
    Disk restarted = disk.killed();
    restarted.fail(operation -> operation.equals("force /d/group-g"));
    assertThatThrownBy(() -> Rig.open(restarted)).hasMessageContaining("Input/output error");
    open(restarted.killed());
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[10]);
    Disk written = disk;
    for (int seed = 0; seed < 20; seed++) {
      open(written.powerLost(seed));
      assertThat(store.list()).containsExactly(id);
    }
  }

  @Test
  void aDeletionThatFailsIsSaid() throws IOException {
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[10]);
    disk.fail(operation -> operation.startsWith("delete " + SNAPSHOTS));
    assertThatThrownBy(() -> store.delete(id)).isInstanceOf(IOException.class);
    assertThat(Snapshots.read(store, id)).isEqualTo(new byte[10]);
    checkTheLogGoesOn();
  }

  /** One force at the end would hold up the log's own for as long as the whole takes. */
  @Test
  void aLargeOneIsForcedOnTheWay() throws IOException {
    Snapshots.create(store, 5, 2, new byte[20 << 20]);
    assertThat(disk.operations())
        .filteredOn(operation -> operation.startsWith("force " + SNAPSHOTS))
        .hasSize(3);
  }

  @Test
  void groupsHaveTheirOwn() throws IOException {
    rig.storage.openLog("other");
    SnapshotStore other = rig.storage.openSnapshots("other");
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[10]);
    assertThat(other.list()).isEmpty();
    assertThat(store.list()).containsExactly(id);
  }

  @Test
  void theLogComesFirstAndNothingIsOpenTwice() throws IOException {
    assertThatThrownBy(() -> rig.storage.openSnapshots("other"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> rig.storage.openSnapshots(Rig.GROUP))
        .isInstanceOf(IllegalStateException.class);
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[10]);
    rig.log.close();
    assertThatThrownBy(() -> rig.storage.openSnapshots(Rig.GROUP))
        .isInstanceOf(IllegalStateException.class);
    rig.storage.openLog(Rig.GROUP);
    assertThat(rig.storage.openSnapshots(Rig.GROUP).list()).containsExactly(id);
  }

  /** From then on the directory may be another process's. */
  @Test
  void nothingHappensAfterTheEnd() throws IOException {
    SnapshotId id = Snapshots.create(store, 5, 2, new byte[10]);
    SnapshotSink sink = store.create(Snapshots.BOOT, 6, 2);
    rig.storage.close();
    assertThatThrownBy(sink::commit).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.open(id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.delete(id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.create(1, 1, 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.receive(id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> rig.storage.openSnapshots(Rig.GROUP)).isInstanceOf(IOException.class);
    assertThat(names()).hasSize(1);
  }
}
