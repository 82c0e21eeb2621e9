package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.transport.tcp.wire.Frame;
import dev.quorate.raft.transport.tcp.wire.FrameDecoder;
import dev.quorate.raft.transport.tcp.wire.FrameKind;
import dev.quorate.raft.transport.tcp.wire.WireException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One end of a link, once its handshake is done; both ends are alike. Frames go both ways, and so
 * do signs of life ({@link Pulse}). Only the event loop calls, except for {@link #send} and {@link
 * #close}.
 */
final class LinkEnd implements Link {

  private final EventLoop loop;
  private final Complaints complaints;
  private final String remote;
  private final int maxFrameBytes;
  private final Duration silence;
  private final Consumer<String> shut;
  private final SendPath path;
  private volatile boolean up;
  private LinkListener listener;
  private FrameDecoder frames;
  private Pulse pulse;
  private long seenWrittenBytes;

  /**
   * An end that is not up.
   *
   * @param silence how long nothing may come before the other end is given up
   * @param shut closes the channel and ends this; called by the loop
   */
  LinkEnd(
      EventLoop loop,
      TcpSettings settings,
      Complaints complaints,
      String remote,
      int maxFrameBytes,
      Duration silence,
      Consumer<String> shut) {
    this.loop = loop;
    this.complaints = complaints;
    this.remote = remote;
    this.maxFrameBytes = maxFrameBytes;
    this.silence = silence;
    this.shut = shut;
    this.path =
        new SendPath(loop, settings.sendQueueBytes(), (channel, e) -> shutSoon(String.valueOf(e)));
  }

  /** The handshake is done. */
  void up(SocketChannel channel, SelectionKey key, int version) {
    frames = new FrameDecoder(version, maxFrameBytes);
    pulse = new Pulse(silence);
    up = true;
    path.connected(channel, key, version);
  }

  void listener(LinkListener hears) {
    listener = hears;
  }

  @Override
  public String remote() {
    return remote;
  }

  @Override
  public boolean send(Lane lane, ByteBuffer frame) {
    if (!frame.hasRemaining() || frame.remaining() > maxFrameBytes) {
      throw new IllegalArgumentException(
          "a frame of " + frame.remaining() + " bytes; 1 to " + maxFrameBytes + " can be sent");
    }
    return up && path.send(lane, frame);
  }

  @Override
  public void close() {
    shutSoon("it was closed at this end");
  }

  private void shutSoon(String reason) {
    loop.execute(() -> shut.accept(reason));
  }

  /** Bytes came. */
  void arrived(ByteBuffer in) throws IOException {
    pulse.heard();
    for (Frame frame = frames.next(in); frame != null; frame = frames.next(in)) {
      if (frame.kind() == FrameKind.ACK
          || (frame.kind() == FrameKind.DATA) != frame.payload().hasRemaining()) {
        throw new WireException(
            "a frame of kind "
                + frame.kind()
                + " with "
                + frame.payload().remaining()
                + " bytes, which nobody sends on a link");
      }
      if (frame.kind() == FrameKind.DATA) {
        deliver(frame.payload());
      }
    }
  }

  private void deliver(ByteBuffer frame) {
    if (listener != null) {
      tell(() -> listener.onFrame(frame));
    }
  }

  void writable() throws IOException {
    path.resume();
  }

  void tick(long now) throws IOException {
    long silentMillis = pulse.silentMillis(now);
    if (silentMillis > 0) {
      throw new IOException("nothing came for " + silentMillis + "ms");
    }
    long written = path.writtenBytes();
    if (written != seenWrittenBytes) {
      seenWrittenBytes = written;
      pulse.said(now);
    } else if (pulse.wantsSign(now)) {
      pulse.said(now);
      path.keepAlive();
    }
  }

  /** The channel is closed. */
  void ended(String reason) {
    up = false;
    path.close();
    if (listener != null) {
      LinkListener told = listener;
      listener = null;
      tell(() -> told.onClosed(reason));
    }
  }

  void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | Error e) {
      // A fault of the layer above with one link must not end what carries all others.
      complaints.say(Level.ERROR, "link/" + remote, "A listener of " + remote + " failed: " + e);
    }
  }
}
