package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Carries frames between this node and its peers. Methods may be called by any thread, several at a
 * time, and whatever the state; none blocks except {@link #start} and {@link #close}.
 */
public interface Transport extends AutoCloseable {

  /**
   * Starts to listen, to deliver what arrives, and to reach the peers that were named before.
   * Called once. After a failure nothing is open, and the transport can only be closed.
   *
   * @param receiver takes the frames
   * @return where the transport listens: the host as {@link TransportContext#bind} names it, with
   *     the port that the system chose if it was asked to
   * @throws IOException if the address cannot be bound; the message names it
   * @throws IllegalStateException if the transport was started or closed before
   */
  Address start(FrameReceiver receiver) throws IOException;

  /**
   * Tells where the peers are, in place of what was told before. Connections to addresses that
   * changed are replaced, those to nodes that are no longer named are closed, all others stay. A
   * peer that cannot be reached is tried again and again for as long as it is named, by default
   * once every few seconds. A frame of an unnamed node that connects by itself is delivered all the
   * same: who may speak is decided above.
   *
   * <p>Before the start the peers are kept for it. After the end nothing happens.
   *
   * @param peers all peers, without this node; copied
   */
  void setPeers(Map<NodeId, Address> peers);

  /**
   * Sends a frame, soon or not at all. Where the peer is not known, not reachable, or too much
   * waits for it, the frame is dropped in silence, and so is one to this node itself, and any frame
   * before the start and after the end. A frame to a peer that is reachable, and for which little
   * waits, is dropped only if its connection breaks.
   *
   * <p>A peer that cannot be reached, or takes nothing, holds up no frame to another, and never the
   * caller. The interrupt status of the caller's thread is neither heeded nor cleared.
   *
   * @param to the peer
   * @param lane how urgent it is
   * @param frame at most {@link TransportContext#maxFrameBytes()} remaining bytes, in a buffer of
   *     any kind; the transport reads it without changing its position, perhaps later and in
   *     another thread: its content must not change afterwards
   * @throws IllegalArgumentException if the frame is empty or too long, whoever it is for
   */
  void send(NodeId to, Lane lane, ByteBuffer frame);

  /**
   * Closes all connections, gives the address free and ends all threads. Returns when nothing of
   * that is left and the receiver is not going to be called any more. Idempotent, with or without a
   * start.
   *
   * <p>A receiver may call it: then it returns before the thread that it is called in has ended,
   * and a later call by another thread waits for that. For a receiver that does not return it waits
   * a few seconds at most, and leaves that thread behind.
   */
  @Override
  void close();
}
