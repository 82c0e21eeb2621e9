package dev.quorate.raft.transport.grpc.net;

import dev.quorate.raft.api.transport.Lane;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What waits for one peer: a bounded queue a lane. Where a lane is full the newest frame is
 * dropped, because the older ones are those that the peer needs first. Any thread may call.
 */
final class Outbox {

  /** Counted with each frame for its objects, so that a million tiny frames are bounded too. */
  private static final int FRAME_OVERHEAD_BYTES = 64;

  private final long maxBytesPerLane;
  private final Waiting control = new Waiting();
  private final Waiting bulk = new Waiting();

  Outbox(long maxBytesPerLane) {
    this.maxBytesPerLane = maxBytesPerLane;
  }

  /** Adds a frame, or drops it and says false. An empty lane takes a frame of any size. */
  synchronized boolean offer(Lane lane, ByteBuffer frame) {
    Waiting waiting = lane == Lane.CONTROL ? control : bulk;
    long cost = frame.remaining() + FRAME_OVERHEAD_BYTES;
    if (!waiting.frames.isEmpty() && waiting.bytes + cost > maxBytesPerLane) {
      return false;
    }
    waiting.bytes += cost;
    waiting.frames.add(frame);
    return true;
  }

  /** The most urgent frame, or null. */
  synchronized ByteBuffer poll() {
    Waiting waiting = control.frames.isEmpty() ? bulk : control;
    ByteBuffer frame = waiting.frames.poll();
    if (frame != null) {
      waiting.bytes -= frame.remaining() + FRAME_OVERHEAD_BYTES;
    }
    return frame;
  }

  synchronized boolean isEmpty() {
    return control.frames.isEmpty() && bulk.frames.isEmpty();
  }

  synchronized void clear() {
    control.clear();
    bulk.clear();
  }

  private static final class Waiting {
    private final Queue<ByteBuffer> frames = new ArrayDeque<>();
    private long bytes;

    void clear() {
      frames.clear();
      bytes = 0;
    }
  }
}
