package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.api.transport.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The way of frames from any thread into one peer's socket, and the only state that those threads
 * share with the event loop.
 *
 * <p>The sending thread puts its frame into the outbox and, if nobody else is writing, writes what
 * is there: the shortest way, without a hand-off. What the socket does not take at once, or is more
 * than one buffer, is left to the loop: the path is then <i>parked</i>, and senders only queue. So
 * a sender never waits, and never works long for others.
 */
final class SendPath {

  /** How many buffers a sender writes before it leaves the rest to the loop. */
  private static final int SENDER_BUFFERS = 1;

  /** How many the loop writes before it turns to other peers. */
  private static final int LOOP_BUFFERS = 16;

  private final EventLoop loop;
  private final BiConsumer<SocketChannel, IOException> onFailure;
  private final Outbox outbox;

  /** Whether frames are worth keeping: there is a connection, or an attempt under way. */
  private volatile boolean open = true;

  /** Whether the loop will write, so that senders need not. Set only under the lock. */
  private volatile boolean parked;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final FrameWriter writer;
  private SocketChannel channel;
  private SelectionKey key;

  /**
   * A path whose first attempt is about to begin.
   *
   * @param onFailure told in the failing thread that a channel is broken
   */
  SendPath(EventLoop loop, long maxBytesPerLane, BiConsumer<SocketChannel, IOException> onFailure) {
    this.loop = loop;
    this.onFailure = onFailure;
    this.outbox = new Outbox(maxBytesPerLane);
    this.writer = new FrameWriter(outbox);
  }

  /** Sends a frame, soon or not at all; false if it is dropped at once. Any thread may call. */
  boolean send(Lane lane, ByteBuffer frame) {
    if (!open || !outbox.offer(lane, frame.duplicate())) {
      return false;
    }
    push();
    return true;
  }

  /** An attempt to connect begins: frames may wait for its end. */
  void open() {
    if (!open) {
      // A sender that overlapped with the end of the last connection may have left a frame.
      outbox.clear();
      open = true;
    }
  }

  /** The attempt succeeded. */
  void connected(SocketChannel established, SelectionKey itsKey, int version) {
    lock.lock();
    try {
      writer.begin(version);
      channel = established;
      key = itsKey;
      parked = false;
    } finally {
      lock.unlock();
    }
    push();
  }

  /**
   * The connection or the attempt ended. What waits is stale when the peer is back: it is dropped.
   */
  void close() {
    open = false;
    lock.lock();
    try {
      channel = null;
      key = null;
      parked = false;
    } finally {
      lock.unlock();
    }
    outbox.clear();
  }

  /** The parked path's channel takes bytes again. Only the loop calls. */
  void resume() throws IOException {
    lock.lock();
    try {
      if (!writer.write(channel, LOOP_BUFFERS)) {
        return;
      }
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
      parked = false;
    } finally {
      lock.unlock();
    }
    push();
  }

  /** Sends a sign of life, unless other bytes wait to be sent. Only the loop calls. */
  void keepAlive() throws IOException {
    lock.lock();
    try {
      writer.keepAlive();
      if (!writer.write(channel, SENDER_BUFFERS)) {
        park();
      }
    } finally {
      lock.unlock();
    }
    push();
  }

  /** How many bytes the present connection has taken. */
  long writtenBytes() {
    lock.lock();
    try {
      return writer.writtenBytes();
    } finally {
      lock.unlock();
    }
  }

  private void push() {
    // Who does not get the lock may go: the holder looks into the outbox again after it let go.
    for (int pass = 0; !parked && !outbox.isEmpty() && lock.tryLock(); pass++) {
      try {
        if (channel == null) {
          return;
        }
        if (!writer.write(channel, SENDER_BUFFERS) || pass > 0) {
          park();
        }
      } catch (IOException e) {
        parked = true;
        onFailure.accept(channel, e);
      } finally {
        lock.unlock();
      }
    }
  }

  private void park() {
    parked = true;
    key.interestOpsOr(SelectionKey.OP_WRITE);
    loop.wakeUp();
  }
}
