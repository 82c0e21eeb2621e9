package dev.quorate.raft.transport.grpc.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Set;

/**
 * What a dialler may say on a connection: one call, with whole messages of bounded length. All that
 * a gRPC client does keeps these rules; what breaks them gRPC would log by itself.
 */
final class CallRules implements Http2FrameListener {

  private static final Set<String> PSEUDO_HEADERS =
      Set.of(":method", ":scheme", ":path", ":authority");

  /** What a call of this service does not have, and what gRPC logs if it cannot read it. */
  private static final Set<String> STRANGE_HEADERS = Set.of("grpc-timeout", "content-length");

  private final MessageHeads messages = new MessageHeads(Pieces.MAX_BYTES);
  private final Grants grants;

  private boolean hasSettings;
  private boolean acknowledgedSettings;
  private boolean goesAway;

  /** The call's stream; 0 before it. */
  private int call;

  /** Whether the dialler's half of the call is over. */
  private boolean over;

  private boolean reset;

  CallRules(Grants grants) {
    this.grants = grants;
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    hasSettings = true;
    Integer window = settings.initialWindowSize();
    check(window == null || grants.initial(window), "a window that is too large");
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
    check(hasSettings && !acknowledgedSettings, "an acknowledgement of nothing");
    acknowledgedSettings = true;
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
    check(hasSettings, "headers before settings");
    check(call == 0, "headers after those of its call");
    check(stream % 2 != 0, "headers of stream " + stream);
    for (CharSequence header : headers.names()) {
      String name = header.toString();
      boolean known = !name.startsWith(":") || PSEUDO_HEADERS.contains(name);
      check(
          known && !STRANGE_HEADERS.contains(name) && !name.endsWith("-bin"),
          "the header '" + name + "'");
    }
    for (String name : PSEUDO_HEADERS) {
      check(headers.getAll(name).size() <= 1, "the header '" + name + "' twice");
    }
    CharSequence te = headers.get("te");
    check(te != null && "trailers".contentEquals(te), "a call without 'te: trailers'");
    call = stream;
    over = last;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last)
      throws Http2Exception {
    check(stream == call && !over, "data outside a call");
    check(last || data.isReadable(), "no data as data");
    int length = data.readableBytes();
    String wrong = messages.read(data);
    check(wrong == null, wrong);
    check(!last || messages.isBetween(), "a part of a message as its last");
    over = last;
    return length + padding;
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment)
      throws Http2Exception {
    check(hasSettings && (stream == 0 || stream == call), "a window outside a call");
    check(grants.add(stream == 0, increment), "a window that is too large");
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode)
      throws Http2Exception {
    check(call != 0 && stream == call && !reset, "the end of no call");
    reset = true;
    over = true;
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext context, int lastStream, long errorCode, ByteBuf debugData)
      throws Http2Exception {
    check(hasSettings && !goesAway, "a second good-bye");
    goesAway = true;
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    check(hasSettings, "a ping before settings");
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
    // This end never pings: the service has signs of life of its own.
    check(false, "an answer to no ping");
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    check(hasSettings, "a priority before settings");
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext context, int stream, int promised, Http2Headers headers, int padding)
      throws Http2Exception {
    check(false, "a promise, which only servers make");
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    check(hasSettings, "a frame before settings");
  }

  private static void check(boolean kept, String otherwise) throws Http2Exception {
    if (!kept) {
      throw new Http2Exception(Http2Error.PROTOCOL_ERROR, otherwise);
    }
  }
}
