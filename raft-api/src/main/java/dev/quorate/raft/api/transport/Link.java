package dev.quorate.raft.api.transport;

import java.nio.ByteBuffer;

/**
 * A connection between a client, which opened it, and a node. Both ends send on it, so that nobody
 * has to be able to reach the client. Frames arrive whole, once and, within a lane, in their order,
 * or the link ends: nothing is lost in silence. All methods may be called by any thread, and none
 * blocks.
 */
public interface Link {

  /**
   * Who is at the other end, for people.
   *
   * @return an address
   */
  String remote();

  /**
   * Sends a frame. One that was taken arrives unless the link ends.
   *
   * @param lane how urgent it is; what waits is bounded for each lane by itself
   * @param frame at most as many bytes as a frame may have, and at least one; its content must not
   *     change afterwards
   * @return {@code false} if the frame was not taken: the link is not open (yet, or any more), or
   *     too much waits to be sent
   * @throws IllegalArgumentException if the frame is empty or too long
   */
  boolean send(Lane lane, ByteBuffer frame);

  /** Ends the link. Idempotent. */
  void close();
}
