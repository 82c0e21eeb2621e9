package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What a dialler may say on a connection: one call, with whole messages of bounded length. Every
 * gRPC client keeps these rules (PROTOCOL-HTTP2 of gRPC, and RFC 9113), and each is here because
 * gRPC logs by itself where it is broken.
 */
final class CallRules extends Http2FrameAdapter {

  /** Room for an answer: gRPC logs what could not be written when a connection ends. */
  private static final int MIN_WINDOW_BYTES = 4 * 1024;

  private static final Pattern TIMEOUT = Pattern.compile("[0-9]{1,8}[HMSmun]");

  private final MessageHeads messages = new MessageHeads(Pieces.MAX_BYTES);
  private final Windows windows;

  /** The call's stream; 0 before it. */
  private int call;

  /** Whether the dialler's half of the call is over. */
  private boolean over;

  /** The least that a good-bye has named so far. */
  private int lastOfOwn = Integer.MAX_VALUE;

  CallRules(Windows windows) {
    this.windows = windows;
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    Integer window = settings.initialWindowSize();
    if (window != null) {
      check(window >= MIN_WINDOW_BYTES, "a window that is too small");
      check(windows.initial(window), "a window that is too large");
    }
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) {
    windows.acknowledge();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    onHeadersRead(context, stream, headers, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    // Nor another call after the first: a connection ends with its call.
    check(call == 0, "headers after those of its call");
    check(stream % 2 != 0, "headers of stream " + stream);
    // A proxy that drops it may drop the trailers, too, by which a call's end is told.
    check(headers.contains("te", "trailers"), "a call without 'te: trailers'");
    // Nobody knows the length of a call that is to last, and nothing else could be checked with it.
    check(!headers.contains("content-length"), "the header 'content-length'");
    // Not needed here, but a client's or a proxy's own good right where gRPC can read it.
    for (CharSequence timeout : headers.getAll("grpc-timeout")) {
      check(TIMEOUT.matcher(timeout).matches(), "a 'grpc-timeout' that is none");
    }
    for (CharSequence name : headers.names()) {
      if (name.toString().endsWith("-bin")) {
        for (CharSequence value : headers.getAll(name)) {
          check(isBase64(value.toString()), "no base 64 as '" + name + "'");
        }
      }
    }
    call = stream;
    over = last;
  }

  /** Several values may have become one (RFC 9110, 5.3). */
  private static boolean isBase64(String values) {
    try {
      for (String value : values.split(",")) {
        Base64.getDecoder().decode(value);
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last)
      throws Http2Exception {
    check(stream == call && !over, "data outside a call");
    int length = data.readableBytes() + padding;
    check(windows.take(length), "more than its window allows");
    String wrong = messages.read(data);
    check(wrong == null, wrong);
    check(!last || messages.isBetween(), "a part of a message as its last");
    over = last;
    return length;
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment)
      throws Http2Exception {
    check(stream == 0 || stream == call, "a window outside a call");
    check(windows.grow(stream != 0, increment), "a window that is too large");
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode)
      throws Http2Exception {
    check(stream == call, "the end of no call");
    over = true;
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext context, int lastStream, long errorCode, ByteBuf debugData)
      throws Http2Exception {
    check(lastStream <= lastOfOwn, "a good-bye that takes back another");
    lastOfOwn = lastStream;
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
    // This end never pings: the service has signs of life of its own.
    check(false, "an answer to no ping");
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext context, int stream, int promised, Http2Headers headers, int padding)
      throws Http2Exception {
    check(false, "a promise, which only servers make");
  }

  private static void check(boolean kept, String otherwise) throws Http2Exception {
    if (!kept) {
      throw new Http2Exception(Http2Error.PROTOCOL_ERROR, otherwise);
    }
  }
}
