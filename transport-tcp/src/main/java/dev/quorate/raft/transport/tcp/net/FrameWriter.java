package dev.quorate.raft.transport.tcp.net;

import dev.quorate.raft.transport.tcp.wire.Frame;
import dev.quorate.raft.transport.tcp.wire.FrameKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Moves what waits in an outbox into a channel, many frames to one write. Frames are copied through
 * one buffer of its own, because the JDK would keep a copy as large as the largest frame for each
 * thread that writes. Not safe for several threads.
 */
final class FrameWriter {

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Outbox outbox;

  /** Encoded bytes that are not yet written, between position and limit. */
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);

  /** The rest of the frame whose header and beginning are in the buffer already. */
  private ByteBuffer payload = NOTHING;

  private int version;
  private long writtenBytes;

  FrameWriter(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Forgets the last connection. */
  void begin(int agreedVersion) {
    buffer.limit(0);
    payload = NOTHING;
    version = agreedVersion;
    writtenBytes = 0;
  }

  /** How many bytes the present connection has taken. */
  long writtenBytes() {
    return writtenBytes;
  }

  /**
   * Writes what waits, until the channel takes no more or a number of buffers are written.
   *
   * @return whether nothing is left
   */
  boolean write(SocketChannel channel, int maxBuffers) throws IOException {
    for (int i = 0; i < maxBuffers; i++) {
      if (!buffer.hasRemaining() && !fill()) {
        return true;
      }
      writtenBytes += channel.write(buffer);
      if (buffer.hasRemaining()) {
        return false;
      }
    }
    return !payload.hasRemaining() && outbox.isEmpty();
  }

  /** Puts a keep-alive into the buffer, unless bytes wait there that serve as well. */
  void keepAlive() {
    if (!buffer.hasRemaining() && !payload.hasRemaining()) {
      Frame.putHeader(buffer.clear(), version, FrameKind.KEEPALIVE, NOTHING);
      buffer.flip();
    }
  }

  private boolean fill() {
    buffer.clear();
    do {
      int count = Math.min(payload.remaining(), buffer.remaining());
      buffer.put(payload.duplicate().limit(payload.position() + count));
      payload.position(payload.position() + count);
    } while (!payload.hasRemaining() && nextFrame());
    return buffer.flip().hasRemaining();
  }

  private boolean nextFrame() {
    ByteBuffer next = buffer.remaining() < Frame.HEADER_BYTES ? null : outbox.poll();
    if (next == null) {
      payload = NOTHING;
      return false;
    }
    Frame.putHeader(buffer, version, FrameKind.DATA, next);
    payload = next;
    return true;
  }
}
