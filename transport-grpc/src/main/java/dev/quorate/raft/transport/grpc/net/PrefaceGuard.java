package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Closes a connection that does not begin like HTTP/2, before gRPC sees it: gRPC would log each
 * with a stack trace.
 */
final class PrefaceGuard extends ChannelInboundHandlerAdapter {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private int seen;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes && !matches(bytes)) {
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    if (seen == PREFACE.length) {
      context.pipeline().remove(this);
    }
    context.fireChannelRead(message);
  }

  private boolean matches(ByteBuf bytes) {
    int end = bytes.writerIndex();
    for (int i = bytes.readerIndex(); i < end && seen < PREFACE.length; i++) {
      if (bytes.getByte(i) != PREFACE[seen]) {
        return false;
      }
      seen++;
    }
    return true;
  }
}
