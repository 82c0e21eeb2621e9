package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.NodeId;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Takes frames from a transport. Called by the transport's threads, several at a time. */
@FunctionalInterface
public interface FrameReceiver {

  /**
   * A frame arrived. The receiver returns quickly and never blocks. What it throws, an {@link
   * Error} too, is a fault of its own, which the transport logs; it goes on with the next frame.
   *
   * @param from the node at the other end, as its handshake named it
   * @param frame the frame from its position to its limit, in network order (big-endian). It
   *     belongs to the receiver from now on, which may keep it and views of it for as long as it
   *     likes but must not write into it; it is never changed or reused by the transport
   */
  void onFrame(NodeId from, ByteBuffer frame);

  /**
   * Nobody listens at a peer's address any more: the connection that this node had made to it
   * ended, and the attempt that was made at once to connect to the same address again was
   * <em>refused</em>. An attempt that was not answered in time is no such sign, because a peer that
   * is slow or cut off looks like that too.
   *
   * <p>Optional: a transport that cannot tell never calls it, and nothing is lost but time. One
   * that can tells it once for each connection that ended so. Called by the transport's threads
   * like {@link #onFrame}, and bound to return as quickly.
   *
   * @param peer the peer, as {@link Transport#setPeers} named it
   */
  default void onPeerGone(NodeId peer) {}

  /**
   * A connection over which frames of that peer came, or went to it, has ended: some of them may be
   * lost in either direction, though a new connection may be there already. What was handed to the
   * peer and is answered only once is not waited for any longer.
   *
   * <p>Optional, like {@link #onPeerGone}, before which it comes; without it such calls wait until
   * their deadline. Called by the transport's threads like {@link #onFrame}, and bound to return as
   * quickly.
   *
   * @param peer the peer
   */
  default void onConnectionLost(NodeId peer) {}

  /**
   * A client outside the cluster opened a link to this node. Called by the transport's threads like
   * {@link #onFrame}, and bound to return as quickly. The link is open already: its listener's
   * {@code onOpen} is not called.
   *
   * @param link the link
   * @return who hears what comes; empty if no clients are served here, and then the link is closed
   */
  default Optional<LinkListener> onClient(Link link) {
    return Optional.empty();
  }
}
