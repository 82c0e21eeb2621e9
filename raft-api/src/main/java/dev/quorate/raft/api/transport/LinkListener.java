package dev.quorate.raft.api.transport;

import java.nio.ByteBuffer;

/**
 * Hears what happens on one {@link Link}: it opens at most once, then frames arrive, and it ends
 * once. Called by the transport's threads, one call at a time; a listener returns quickly and never
 * blocks.
 */
public interface LinkListener {

  /** The other end has accepted the connection: frames can be sent. */
  void onOpen();

  /**
   * A frame arrived.
   *
   * @param frame the frame from its position to its limit; it belongs to the listener from now on,
   *     which must not write into it
   */
  void onFrame(ByteBuffer frame);

  /**
   * The link ended, whoever ended it, or never opened. Nothing is heard of it after that.
   *
   * @param reason why, for people
   */
  void onClosed(String reason);
}
