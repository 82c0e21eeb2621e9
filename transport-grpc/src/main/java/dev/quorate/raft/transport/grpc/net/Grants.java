package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * How much the other end lets this end send: HTTP/2 (RFC 9113, 6.9.1) has windows of less than 2
 * GiB, and what was written makes room for further grants.
 */
final class Grants extends ChannelOutboundHandlerAdapter {

  private static final int FIRST_WINDOW = 65_535;

  private long written;
  private long granted = FIRST_WINDOW;
  private long callsGranted;
  private long callsInitial = FIRST_WINDOW;

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      written += bytes.readableBytes();
    }
    context.write(message, promise);
  }

  /** A call's first window; false if it is too large. */
  boolean initial(int window) {
    callsInitial = window;
    return fits(callsInitial + callsGranted);
  }

  /** The connection's window or that of its call grows; false if it gets too large. */
  boolean add(boolean connections, int increment) {
    if (connections) {
      granted += increment;
      return fits(granted);
    }
    callsGranted += increment;
    return fits(callsInitial + callsGranted);
  }

  private boolean fits(long window) {
    return window - written <= Integer.MAX_VALUE;
  }
}
