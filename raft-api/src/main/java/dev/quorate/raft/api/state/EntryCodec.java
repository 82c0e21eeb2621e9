package dev.quorate.raft.api.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * How an entry of a map is written into a snapshot and read again. Put a version into what you
 * write: a later release of yours reads the snapshots of an earlier one.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface EntryCodec<K, V> {

  /**
   * Writes an entry. Called by the thread that writes the snapshot.
   *
   * @param key the key
   * @param value the value
   * @param out takes the bytes
   * @throws IOException if {@code out} fails, which is thrown on
   */
  void write(K key, V value, DataOutput out) throws IOException;

  /**
   * Reads an entry that {@link #write} wrote, and no byte more.
   *
   * @param in gives the bytes
   * @return the entry; neither key nor value null
   * @throws IOException if {@code in} fails, which is thrown on, or the bytes make no sense
   */
  Map.Entry<K, V> read(DataInput in) throws IOException;
}
