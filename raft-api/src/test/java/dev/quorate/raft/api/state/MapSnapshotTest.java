package dev.quorate.raft.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapSnapshotTest {
  private static final Comparator<String> ORDER = Comparator.naturalOrder();

  private static final EntryCodec<String, Long> CODEC =
      new EntryCodec<>() {
        @Override
        public void write(String key, Long value, DataOutput out) throws IOException {
          out.writeUTF(key);
          out.writeLong(value);
        }

        @Override
        public Map.Entry<String, Long> read(DataInput in) throws IOException {
          return Map.entry(in.readUTF(), in.readLong());
        }
      };

  @Test
  void whatIsWrittenIsReadEvenAfterFurtherChanges() throws IOException {
    PersistentMap<String, Long> map = PersistentMap.sortedBy(ORDER);
    for (long i = 0; i < 1_000; i++) {
      map = map.with("key " + i, i);
    }
    Snapshot snapshot = MapSnapshot.of(map, CODEC);
    PersistentMap<String, Long> later = map.without("key 7").with("key 8", -8L);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    snapshot.writeTo(out);
    PersistentMap<String, Long> read = read(out.toByteArray());
    assertThat(read).containsExactlyElementsOf(map);
    assertThat(read.without("key 7").with("key 8", -8L)).containsExactlyElementsOf(later);
  }

  @Test
  void severalMapsAreWrittenAfterOneAnother() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MapSnapshot.write(mapOf("a", 1), CODEC, out);
    MapSnapshot.write(mapOf("b", 2), CODEC, out);
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(MapSnapshot.read(ORDER, CODEC, in)).containsExactly(Map.entry("a", 1L));
    assertThat(MapSnapshot.read(ORDER, CODEC, in)).containsExactly(Map.entry("b", 2L));
  }

  @Test
  void theFormIsTheOneThatIsDescribed() throws IOException {
    assertThat(written(mapOf("a", 1)))
        .containsExactly('Q', 'M', 'A', 'P', 1, 0, 0, 0, 1, 0, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] bytes = written(mapOf("a", 1).with("b", 2L));
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(part)).as("%d bytes", length).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatIsNoMapIsRefusedWithTheReason() throws IOException {
    byte[] bytes = written(mapOf("a", 1));
    assertThatThrownBy(() -> read(changed(bytes, 0, 'X'))).hasMessageContaining("0x584d4150");
    assertThatThrownBy(() -> read(changed(bytes, 4, 2))).hasMessageContaining("version 2");
    assertThatThrownBy(() -> read(changed(bytes, 5, 0x80))).hasMessageContaining("-2147483647");
  }

  @Test
  void keysOutOfOrderAreRefused() throws IOException {
    byte[] bytes = written(mapOf("a", 1).with("b", 2L));
    assertThatThrownBy(() -> read(changed(bytes, 11, 'c'))).hasMessageContaining("entry 1 of 2");
    assertThatThrownBy(() -> read(changed(bytes, 11, 'b'))).hasMessageContaining("entry 1 of 2");
  }

  private static PersistentMap<String, Long> mapOf(String key, long value) {
    return PersistentMap.<String, Long>sortedBy(ORDER).with(key, value);
  }

  private static byte[] written(PersistentMap<String, Long> map) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MapSnapshot.write(map, CODEC, out);
    return out.toByteArray();
  }

  private static byte[] changed(byte[] bytes, int at, int to) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) to;
    return changed;
  }

  private static PersistentMap<String, Long> read(byte[] bytes) throws IOException {
    return MapSnapshot.read(ORDER, CODEC, new ByteArrayInputStream(bytes));
  }
}
