package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Carries frames between this node and its peers. Methods may be called by any thread; none blocks
 * except {@link #start} and {@link #close}.
 */
public interface Transport extends AutoCloseable {

  /**
   * Starts to listen, and to deliver what arrives. Called once.
   *
   * @param receiver takes the frames
   * @return where the transport listens, with the port that the system chose if it was asked to
   * @throws IOException if the address cannot be bound; the message names it
   */
  Address start(FrameReceiver receiver) throws IOException;

  /**
   * Tells where the peers are. Connections to addresses that changed are replaced, those to nodes
   * that are no longer named are closed. A frame of an unnamed node that connects by itself is
   * delivered all the same: who may speak is decided above.
   *
   * @param peers all peers, without this node; copied
   */
  void setPeers(Map<NodeId, Address> peers);

  /**
   * Sends a frame, soon or not at all. Where the peer is not known, not reachable, or too much
   * waits for it, the frame is dropped in silence.
   *
   * @param to the peer
   * @param lane how urgent it is
   * @param frame at most {@link TransportContext#maxFrameBytes()} remaining bytes; the transport
   *     reads it without changing its position, and its content must not change afterwards
   * @throws IllegalArgumentException if the frame is empty or too long
   */
  void send(NodeId to, Lane lane, ByteBuffer frame);

  /** Closes all connections and ends all threads. Idempotent; returns when nothing is left. */
  @Override
  void close();
}
