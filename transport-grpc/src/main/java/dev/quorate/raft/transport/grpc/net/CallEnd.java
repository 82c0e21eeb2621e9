package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.api.transport.Link;
import dev.quorate.raft.api.transport.LinkListener;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One end of a link, once its handshake is done; both ends are alike. Bundles go both ways, and so
 * do signs of life ({@link Pulse}). Only the event loop calls, except for {@link #send} and {@link
 * #close}.
 */
final class CallEnd implements Link {

  private final Consumer<Runnable> inLoop;
  private final Complaints complaints;
  private final String remote;
  private final int maxFrameBytes;
  private final Duration silence;
  private final Consumer<String> shut;
  private final SendPath path;
  private final Assembly assembly;
  private volatile boolean up;
  private Wire wire;
  private LinkListener listener;
  private Pulse pulse;

  /** The call below. */
  interface Wire {
    /** Whether the call takes more. */
    boolean isReady();

    /** Sends frames. */
    void send(Bundle bundle);

    /** Sends a sign of life. */
    void keepAlive();
  }

  /**
   * An end that is not up.
   *
   * @param silence how long nothing may come before the other end is given up
   * @param shut ends the call and this; called by the loop
   */
  CallEnd(
      Consumer<Runnable> inLoop,
      GrpcSettings settings,
      Complaints complaints,
      String remote,
      int maxFrameBytes,
      Duration silence,
      Consumer<String> shut) {
    this.inLoop = inLoop;
    this.complaints = complaints;
    this.remote = remote;
    this.maxFrameBytes = maxFrameBytes;
    this.silence = silence;
    this.shut = shut;
    this.path = new SendPath(settings.sendQueueBytes(), inLoop, this::drain);
    this.assembly = new Assembly(maxFrameBytes);
  }

  /** The handshake is done. */
  void up(Wire below) {
    wire = below;
    pulse = new Pulse(silence);
    up = true;
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
    // Not at once, even in the loop: what was sent before goes first.
    inLoop.accept(
        () -> {
          drain();
          shut.accept("it was closed at this end");
        });
  }

  /**
   * Frames came.
   *
   * @throws IllegalArgumentException if they cannot be frames
   */
  void arrived(Bundle bundle) {
    heard();
    for (Piece piece : bundle.getPiecesList()) {
      ByteBuffer frame = assembly.add(piece);
      if (frame != null && listener != null) {
        tell(() -> listener.onFrame(frame));
      }
    }
  }

  /** A sign of life came. */
  void heard() {
    pulse.heard();
  }

  /** The call takes more. */
  void drain() {
    while (up && wire.isReady()) {
      Outgoing next = path.next();
      if (next == null) {
        return;
      }
      pulse.said(System.nanoTime());
      wire.send(next.getBundle());
    }
  }

  void tick(long now) {
    long silentMillis = pulse.silentMillis(now);
    if (silentMillis > 0) {
      shut.accept("nothing came for " + silentMillis + "ms");
    } else if (pulse.wantsSign(now) && wire.isReady()) {
      pulse.said(now);
      wire.keepAlive();
    }
  }

  /** The call is over. */
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
