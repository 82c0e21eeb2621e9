package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Closes a connection that does not carry one call in good order, before gRPC sees it: gRPC would
 * log each with a stack trace, as often as a stranger likes. Reads every frame of HTTP/2 first, and
 * hands on what keeps the {@link CallRules}.
 */
final class CallGuard extends ByteToMessageDecoder {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Where the first frame says of what type it is, behind its length; its flags come next. */
  private static final int TYPE_AT = PREFACE.length + 3;

  private static final short PLAIN_SETTINGS = 0x400;

  private static final int MAX_REASON_CHARS = 200;

  private final Http2FrameReader frames =
      new DefaultHttp2FrameReader(
          new DefaultHttp2HeadersDecoder(true, GrpcTransport.MAX_METADATA_BYTES));
  private final CallRules rules;
  private final Consumer<String> onMalformed;
  private boolean begun;
  private boolean shut;

  /**
   * A guard of a new connection.
   *
   * @param onMalformed told why a connection is about to be closed that began like HTTP/2
   */
  CallGuard(CallRules rules, Consumer<String> onMalformed) {
    this.rules = rules;
    this.onMalformed = onMalformed;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (shut) {
      in.skipBytes(in.readableBytes());
    } else if (begun) {
      readFrames(context, in, out);
    } else {
      readPreface(context, in, out);
    }
  }

  private void readPreface(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    int length = Math.min(in.readableBytes(), PREFACE.length);
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        shut(context, in);
        return;
      }
    }
    if (in.readableBytes() < TYPE_AT + Short.BYTES) {
      return;
    }
    if (in.getShort(in.readerIndex() + TYPE_AT) != PLAIN_SETTINGS) {
      shut(context, in);
      return;
    }
    begun = true;
    out.add(in.readRetainedSlice(length));
  }

  private void readFrames(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    ByteBuf unread = in.duplicate();
    try {
      frames.readFrame(context, unread, rules);
    } catch (Http2Exception | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      onMalformed.accept(reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS)));
      shut(context, in);
      return;
    }
    int length = unread.readerIndex() - in.readerIndex();
    if (length > 0) {
      out.add(in.readRetainedSlice(length));
    }
  }

  private void shut(ChannelHandlerContext context, ByteBuf in) {
    shut = true;
    in.skipBytes(in.readableBytes());
    context.close();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    frames.close();
  }
}
