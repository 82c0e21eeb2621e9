package dev.quorate.raft.api.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A snapshot's content. */
public interface SnapshotSource extends AutoCloseable {

  /**
   * The snapshot.
   *
   * @return the id with which it was opened
   */
  SnapshotId id();

  /**
   * Reads bytes at an offset, at least one unless the offset is at the end or the buffer is full.
   *
   * @param offset where, from 0 to the snapshot's length
   * @param into its remaining space is filled as far as possible, and its position moved
   * @return how many bytes; -1 at the end
   * @throws CorruptionException if the bytes can be read and are damaged
   * @throws IOException if they cannot be read
   */
  int read(long offset, ByteBuffer into) throws IOException;

  /**
   * Releases the source.
   *
   * @throws IOException if that failed
   */
  @Override
  void close() throws IOException;
}
