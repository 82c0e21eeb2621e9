package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;

/**
 * How much each end still lets the other send on a connection and on its one call (RFC 9113, 5.2
 * and 6.9). Reads the heads of the frames that this end writes: its data uses up what the other
 * granted, and its window updates are grants of its own.
 */
final class Windows extends ChannelOutboundHandlerAdapter {

  private static final int FIRST_BYTES = 65_535;

  private static final int HEAD_BYTES = 9;
  private static final int UPDATE_BYTES = HEAD_BYTES + 4;
  private static final int TYPE_AT = 3;
  private static final int STREAM_AT = 5;
  private static final byte DATA = 0;
  private static final byte WINDOW_UPDATE = 8;

  private final ByteBuffer head = ByteBuffer.allocate(UPDATE_BYTES);
  private final Pair ofConnection = new Pair();
  private final Pair ofCall = new Pair();

  /** A call's first window at this end, once the other has acknowledged the settings. */
  private final int ownInitial;

  /** A call's first window at the other end. */
  private int othersInitial = FIRST_BYTES;

  private boolean acknowledged;

  /** How much of the frame that is being written is no head. */
  private int restBytes;

  /** What both ends may still send. */
  private static final class Pair {
    private long here = FIRST_BYTES;
    private long there = FIRST_BYTES;
  }

  /** The windows of a new connection; a call's is that large at this end. */
  Windows(int ownInitial) {
    this.ownInitial = ownInitial;
  }

  /** The other end grants more, for its call or for all; false if that is too much. */
  boolean grow(boolean calls, int bytes) {
    Pair pair = calls ? ofCall : ofConnection;
    pair.here += bytes;
    return pair.here <= Integer.MAX_VALUE;
  }

  /** The other end says how large a call's first window is; false if that is too much. */
  boolean initial(int bytes) {
    ofCall.here += bytes - othersInitial;
    othersInitial = bytes;
    return ofCall.here <= Integer.MAX_VALUE;
  }

  /** The other end has read this end's settings. */
  void acknowledge() {
    if (!acknowledged) {
      acknowledged = true;
      ofCall.there += ownInitial - FIRST_BYTES;
    }
  }

  /** The other end sends data in its call; false if that is more than it may. */
  boolean take(int bytes) {
    ofConnection.there -= bytes;
    ofCall.there -= bytes;
    return ofConnection.there >= 0 && ofCall.there >= 0;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      follow(bytes.duplicate());
    }
    context.write(message, promise);
  }

  private void follow(ByteBuf written) {
    while (written.isReadable()) {
      if (restBytes > 0) {
        int skipped = Math.min(restBytes, written.readableBytes());
        written.skipBytes(skipped);
        restBytes -= skipped;
      } else {
        head.put(written.readByte());
        follow();
      }
    }
  }

  private void follow() {
    if (head.position() < HEAD_BYTES) {
      return;
    }
    byte type = head.get(TYPE_AT);
    if (type == WINDOW_UPDATE) {
      if (head.position() == UPDATE_BYTES) {
        Pair pair = head.getInt(STREAM_AT) == 0 ? ofConnection : ofCall;
        pair.there += head.getInt(HEAD_BYTES);
        head.clear();
      }
      return;
    }
    restBytes = head.getInt(0) >>> Byte.SIZE;
    if (type == DATA) {
      ofConnection.here -= restBytes;
      ofCall.here -= restBytes;
    }
    head.clear();
  }
}
