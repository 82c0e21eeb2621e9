package dev.quorate.raft.api.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes a snapshot's content, in order. */
public interface SnapshotSink extends AutoCloseable {

  /**
   * How much of the content is there.
   *
   * @return bytes
   */
  long position();

  /**
   * Appends bytes.
   *
   * @param bytes its remaining bytes are written, and its position is moved to its limit
   * @throws NoSpaceException if there is no room; the sink can only be closed then
   * @throws IOException if that failed otherwise; the sink can only be closed then
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Ends the content and makes the snapshot visible: when this returns it survives the loss of
   * power. The hash is verified before, if the sink {@linkplain SnapshotStore#receive receives}. It
   * takes the place of one that has the same id already, whose bytes may have rotted meanwhile.
   *
   * @return the snapshot
   * @throws CorruptionException if what was received is not the snapshot that was announced
   * @throws IOException if it cannot be made durable; it is not visible then
   */
  SnapshotId commit() throws IOException;

  /**
   * Releases the sink. What was not committed is deleted, unless the sink receives and can be gone
   * on with.
   *
   * @throws IOException if that failed
   */
  @Override
  void close() throws IOException;
}
