package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.NodeId;
import java.nio.ByteBuffer;

/** Takes frames from a transport. Called by the transport's threads, several at a time. */
@FunctionalInterface
public interface FrameReceiver {

  /**
   * A frame arrived. The receiver returns quickly and never blocks.
   *
   * @param from the node at the other end, as its handshake named it
   * @param frame the frame; it belongs to the receiver from now on and is never changed or reused
   *     by the transport
   */
  void onFrame(NodeId from, ByteBuffer frame);
}
