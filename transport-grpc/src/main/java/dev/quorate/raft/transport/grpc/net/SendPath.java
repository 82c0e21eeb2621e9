package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.transport.Lane;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The way of frames from any thread to the event loop, and the only state that those threads share
 * with it. The first frame wakes the loop; those that follow until it runs go with it.
 */
final class SendPath {

  private final Consumer<Runnable> inLoop;
  private final Runnable drain;
  private final Outbox outbox;
  private final Pieces pieces;

  /** Whether frames are worth keeping: there is a connection, or an attempt under way. */
  private volatile boolean open = true;

  /** Whether the loop is going to look into the outbox, so that senders need not wake it. */
  private final AtomicBoolean drainScheduled = new AtomicBoolean();

  /**
   * A path whose first attempt is about to begin.
   *
   * @param inLoop runs a task in the loop
   * @param drain run in the loop when frames wait
   */
  SendPath(long maxBytesPerLane, Consumer<Runnable> inLoop, Runnable drain) {
    this.inLoop = inLoop;
    this.drain = drain;
    this.outbox = new Outbox(maxBytesPerLane);
    this.pieces = new Pieces(outbox);
  }

  /** Sends a frame, soon or not at all; false if it is dropped at once. Any thread may call. */
  boolean send(Lane lane, ByteBuffer frame) {
    if (!open || !outbox.offer(lane, frame.duplicate())) {
      return false;
    }
    if (!drainScheduled.getAndSet(true)) {
      inLoop.accept(
          () -> {
            drainScheduled.set(false);
            drain.run();
          });
    }
    return true;
  }

  /** The next message, or null if nothing waits. Only the loop calls. */
  Outgoing next() {
    return pieces.next();
  }

  /** An attempt to connect begins: frames may wait for its end. */
  void open() {
    if (!open) {
      // A sender that overlapped with the end of the last connection may have left a frame.
      outbox.clear();
      open = true;
    }
  }

  /**
   * The connection or the attempt ended. What waits is stale when the peer is back: it is dropped.
   */
  void close() {
    open = false;
    outbox.clear();
    pieces.reset();
  }
}
