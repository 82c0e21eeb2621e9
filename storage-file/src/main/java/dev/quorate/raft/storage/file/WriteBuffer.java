package dev.quorate.raft.storage.file;

import java.nio.ByteBuffer;

/**
 * The one direct buffer through which a storage writes; its users hold the storage's lock. A batch
 * far larger than usual gets one of the heap, from which it is written in pieces: direct memory is
 * bounded by a setting of its own and shared with the network.
 */
final class WriteBuffer {

  private static final int KEPT_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 64 << 10;

  private ByteBuffer kept = ByteBuffer.allocateDirect(FIRST_BYTES);

  /** An empty buffer with room for so many bytes, valid until the next call. */
  ByteBuffer take(int bytes) {
    if (bytes > KEPT_BYTES) {
      return ByteBuffer.allocate(bytes);
    }
    if (bytes > kept.capacity()) {
      kept = ByteBuffer.allocateDirect(Math.min(KEPT_BYTES, Integer.highestOneBit(bytes) << 1));
    }
    return kept.clear();
  }
}
