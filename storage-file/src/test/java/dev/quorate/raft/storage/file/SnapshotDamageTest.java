package dev.quorate.raft.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot's content is what was written, or it is refused. */
class SnapshotDamageTest {

  private static final String SNAPSHOTS = Rig.SEGMENTS + "snapshots/";
  private static final int HEADER = 65; // With a group of one letter.
  private static final int CHUNK = SnapshotHeader.CHUNK_BYTES;

  private final byte[] older = Snapshots.content(10, 1);
  private final byte[] content = Snapshots.content(CHUNK + 100, 2);
  private Disk disk;
  private SnapshotId old;
  private SnapshotId id;

  @BeforeEach
  void write() throws IOException {
    disk = new Disk();
    Rig rig = Rig.open(disk);
    SnapshotStore store = rig.storage.openSnapshots(Rig.GROUP);
    old = Snapshots.create(store, 3, 1, older);
    id = Snapshots.create(store, 5, 2, content);
    rig.storage.close();
  }

  private String file(SnapshotId of) {
    return disk.files().keySet().stream()
        .filter(name -> name.startsWith(SNAPSHOTS + "000000000000000000" + of.index()))
        .findFirst()
        .orElseThrow();
  }

  private Disk with(String file, byte[] bytes) {
    Disk damaged = disk.copy();
    damaged.put(file, bytes);
    return damaged;
  }

  private static SnapshotStore open(Disk on) throws IOException {
    return Rig.open(on).storage.openSnapshots(Rig.GROUP);
  }

  private byte[] bytes() {
    return disk.files().get(file(id));
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    byte[] whole = disk.files().get(file(old));
    assertThat(whole).hasSize(HEADER + 10 + 4 + SnapshotFooter.BYTES);
    int[] found = new int[2];
    for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      SnapshotStore store = open(with(file(old), flipped));
      if (store.list().contains(old)) {
        found[0]++;
        assertThatThrownBy(() -> Snapshots.read(store, old))
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining(file(old));
      } else {
        found[1]++;
        assertThat(store.list()).containsExactly(id);
      }
    }
    assertThat(found).containsExactly(14 * Byte.SIZE, (HEADER + SnapshotFooter.BYTES) * Byte.SIZE);
  }

  @Test
  void aDamagedOneIsSetAsideAndSaidOnce() throws IOException {
    byte[] damaged = bytes();
    damaged[damaged.length - 1] ^= 1;
    Disk next = with(file(id), damaged);
    try (LogLines lines = LogLines.listen()) {
      SnapshotStore store = open(next);
      assertThat(store.list()).containsExactly(old);
      assertThat(Snapshots.read(store, old)).isEqualTo(older);
      assertThat(next.files().get(file(id) + ".damaged")).isEqualTo(damaged);
      assertThat(next.files()).doesNotContainKey(file(id));
      next = next.killed();
      assertThat(open(next).list()).containsExactly(old);
      assertThat(next.files()).containsKey(file(id) + ".damaged");
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .startsWith("SEVERE")
          .contains(file(id))
          .contains("offset");
    }
  }

  @Test
  void aDamagedChunkIsRefusedAndTheOthersAreRead() throws IOException {
    byte[] damaged = bytes();
    damaged[HEADER + CHUNK + 4 + 50] ^= 1;
    SnapshotStore store = open(with(file(id), damaged));
    assertThat(store.list()).containsExactly(id, old);
    ByteBuffer first = ByteBuffer.allocate(CHUNK);
    try (var source = store.open(id)) {
      assertThat(source.read(0, first)).isEqualTo(CHUNK);
      assertThat(first.array()).isEqualTo(Arrays.copyOf(content, CHUNK));
      assertThatThrownBy(() -> source.read(CHUNK, ByteBuffer.allocate(1)))
          .isInstanceOf(CorruptionException.class);
      assertThat(source.read(0, first.clear())).isEqualTo(CHUNK);
    }
  }

  @Test
  void oneThatIsMadeAgainTakesThePlaceOfTheDamagedOne() throws IOException {
    byte[] damaged = bytes();
    damaged[HEADER + 50] ^= 1;
    Disk next = with(file(id), damaged);
    SnapshotStore store = open(next);
    assertThatThrownBy(() -> Snapshots.read(store, id)).isInstanceOf(CorruptionException.class);
    assertThat(Snapshots.create(store, 5, 2, content)).isEqualTo(id);
    assertThat(store.list()).containsExactly(id, old);
    assertThat(Snapshots.read(store, id)).isEqualTo(content);
    SnapshotStore again = open(next.killed());
    assertThat(again.list()).containsExactly(id, old);
    assertThat(Snapshots.read(again, id)).isEqualTo(content);
  }

  @Test
  void aChunkAtTheWrongPlaceIsRefused() throws IOException {
    Rig rig = Rig.open(disk);
    SnapshotStore store = rig.storage.openSnapshots(Rig.GROUP);
    byte[] twice = Snapshots.content(2 * CHUNK, 3);
    SnapshotId swapped = Snapshots.create(store, 7, 2, twice);
    rig.storage.close();
    byte[] whole = disk.files().get(file(swapped));
    byte[] changed = whole.clone();
    System.arraycopy(whole, HEADER, changed, HEADER + CHUNK + 4, CHUNK + 4);
    System.arraycopy(whole, HEADER + CHUNK + 4, changed, HEADER, CHUNK + 4);
    SnapshotStore again = open(with(file(swapped), changed));
    assertThatThrownBy(() -> Snapshots.read(again, swapped))
        .isInstanceOf(CorruptionException.class);
  }

  @Test
  void aFileThatIsTooShortOrTooLongDoesNotCount() throws IOException {
    byte[] whole = bytes();
    for (int length : new int[] {0, 3, HEADER - 1, HEADER, HEADER + 100, whole.length - 1}) {
      assertThat(open(with(file(id), Arrays.copyOf(whole, length))).list()).containsExactly(old);
    }
    assertThat(open(with(file(id), Arrays.copyOf(whole, whole.length + 1))).list())
        .containsExactly(old);
    byte[] longer = Arrays.copyOf(whole, whole.length + 10);
    System.arraycopy(
        whole,
        whole.length - SnapshotFooter.BYTES,
        longer,
        longer.length - SnapshotFooter.BYTES,
        SnapshotFooter.BYTES);
    assertThat(open(with(file(id), longer)).list()).containsExactly(old);
  }

  @Test
  void theFileOfAnotherSnapshotGroupOrDirectoryDoesNotCount() throws IOException {
    assertThat(open(with(file(id), disk.files().get(file(old)))).list()).containsExactly(old);

    Disk other = new Disk();
    Rig rig = Rig.open(other);
    rig.storage.openLog("h");
    Snapshots.create(rig.storage.openSnapshots("h"), 5, 2, content);
    String there = file(id).replace("group-g", "group-h");
    assertThat(open(with(file(id), other.files().get(there))).list()).containsExactly(old);
  }

  @Test
  void whatANewerVersionWroteIsNoDamage() throws IOException {
    byte[] newer = bytes();
    newer[13] = 2;
    ByteBuffer.wrap(newer).putInt(4, Checksum.of(ByteBuffer.wrap(newer), 8, HEADER));
    Disk next = with(file(id), newer);
    assertThatThrownBy(() -> open(next))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(CorruptionException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("newer");
    assertThat(next.files()).containsKey(file(id));
  }

  private Disk failing(String operation, SnapshotId of) {
    Disk next = disk.copy();
    String file = file(of);
    next.fail(what -> what.startsWith(operation + " " + file));
    return next;
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "read", "attributes"})
  void whatCannotBeReadIsLeftAloneUntilTheNextOpening(String operation) throws IOException {
    Disk next = failing(operation, id);
    try (LogLines lines = LogLines.listen()) {
      SnapshotStore store = open(next);
      assertThat(store.list()).containsExactly(old);
      assertThat(store.unreadable())
          .singleElement()
          .asString()
          .contains(file(id))
          .contains("Input/output error");
      assertThat(lines.lines())
          .singleElement()
          .asString()
          .startsWith("WARNING")
          .contains(store.unreadable().get(0));
    }
    assertThat(next.files().get(file(id))).isEqualTo(bytes());
    SnapshotStore again = open(next.killed());
    assertThat(again.list()).containsExactly(id, old);
    assertThat(again.unreadable()).isEmpty();
  }

  @Test
  void oneThatIsMadeAgainTakesThePlaceOfTheOneThatWasNotRead() throws IOException {
    Disk next = failing("read", id);
    SnapshotStore store = open(next);
    next.fail(what -> false);
    assertThat(Snapshots.create(store, 5, 2, content)).isEqualTo(id);
    assertThat(store.list()).containsExactly(id, old);
    assertThat(store.unreadable()).isEmpty();
    assertThat(Snapshots.read(store, id)).isEqualTo(content);
    store.delete(id);
    assertThat(open(next.killed()).list()).containsExactly(old);
  }

  /** Whether it can be read or not, it is older than one that nobody needs any more. */
  @Test
  void whatWasNotReadIsDeletedWithOneThatIsNewer() throws IOException {
    Disk next = failing("read", old);
    open(next).delete(id);
    assertThat(next.files()).doesNotContainKeys(file(old), file(id));
    Disk other = failing("read", id);
    open(other).delete(old);
    assertThat(other.files()).doesNotContainKey(file(old)).containsKey(file(id));
  }
}
