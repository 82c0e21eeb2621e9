package dev.quorate.raft.api.state;

import dev.quorate.raft.api.Snapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A snapshot of a {@link PersistentMap}. It begins with four bytes that say what it is ({@code
 * QMAP}), a byte for its version (1) and the number of entries (four bytes, big-endian); the
 * entries follow in the order of their keys, as the codec writes them.
 *
 * <p>A state machine whose state is more than one map writes and reads several after one another.
 */
public final class MapSnapshot {
  private static final int MAGIC = 'Q' << 24 | 'M' << 16 | 'A' << 8 | 'P';
  private static final int VERSION = 1;

  private MapSnapshot() {}

  /**
   * The snapshot of a map: what {@link dev.quorate.raft.api.StateMachine#capture} returns.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param map the map of the moment
   * @param codec writes its entries
   * @return what writes it
   */
  public static <K, V> Snapshot of(PersistentMap<K, V> map, EntryCodec<K, V> codec) {
    return out -> write(map, codec, out);
  }

  /**
   * Writes a map.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param map the map
   * @param codec writes its entries
   * @param out takes the bytes; not closed
   * @throws IOException if {@code out} fails
   */
  public static <K, V> void write(PersistentMap<K, V> map, EntryCodec<K, V> codec, OutputStream out)
      throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(MAGIC);
    data.writeByte(VERSION);
    data.writeInt(map.size());
    for (Map.Entry<K, V> entry : map) {
      codec.write(entry.getKey(), entry.getValue(), data);
    }
    data.flush();
  }

  /**
   * Reads a map that was written by {@link #write}, and no byte more.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param order the order of the keys, the same as that of the map that was written
   * @param codec reads its entries
   * @param in gives the bytes; not closed
   * @return the map that was written
   * @throws IOException if {@code in} fails, or what it gives is no map in this order
   */
  public static <K, V> PersistentMap<K, V> read(
      Comparator<? super K> order, EntryCodec<K, V> codec, InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int magic = data.readInt();
    if (magic != MAGIC) {
      throw new IOException(
          "no map begins with 0x%08x; it would be 0x%08x (QMAP)".formatted(magic, MAGIC));
    }
    int version = data.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("a map of version " + version + "; this release reads " + VERSION);
    }
    int size = data.readInt();
    if (size < 0) {
      throw new IOException("a map of " + size + " entries");
    }
    // Not as large as the number claims: it may be wrong, the entries cannot be more than there
    // are.
    List<Map.Entry<K, V>> entries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Map.Entry<K, V> entry = codec.read(data);
      if (i > 0 && order.compare(entries.get(i - 1).getKey(), entry.getKey()) >= 0) {
        throw new IOException(
            "entry " + i + " of " + size + " is not after the one before it in the order of keys");
      }
      entries.add(entry);
    }
    return PersistentMap.ofSorted(order, entries);
  }
}
