package dev.quorate.raft.transport.grpc.net;

import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.transport.grpc.proto.Bundle;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.nio.ByteBuffer;

/**
 * Makes messages of the frames in an outbox: many short ones to one message, long ones cut. Only
 * the event loop calls.
 */
final class Pieces {

  /** The longest message, with what protobuf adds. */
  static final int MAX_BYTES = 64 * 1024;

  /** More than protobuf adds to a piece's data. */
  private static final int PIECE_OVERHEAD_BYTES = 16;

  /** A piece shorter than this is not cut off just to fill a message. */
  private static final int MIN_ROOM_BYTES = 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Outbox outbox;
  private ByteBuffer rest = NOTHING;

  Pieces(Outbox outbox) {
    this.outbox = outbox;
  }

  /** The next message, or null if nothing waits. */
  Outgoing next() {
    Bundle.Builder bundle = null;
    int room = MAX_BYTES - PIECE_OVERHEAD_BYTES;
    while (room >= MIN_ROOM_BYTES && (rest.hasRemaining() || nextFrame())) {
      int length = Math.min(rest.remaining(), room - PIECE_OVERHEAD_BYTES);
      ByteBuffer data = rest.slice(rest.position(), length);
      rest.position(rest.position() + length);
      bundle = bundle == null ? Bundle.newBuilder() : bundle;
      // Not copied: a frame does not change after it was sent.
      bundle.addPieces(
          Piece.newBuilder()
              .setData(UnsafeByteOperations.unsafeWrap(data))
              .setMore(rest.hasRemaining()));
      room -= length + PIECE_OVERHEAD_BYTES;
    }
    return bundle == null ? null : Outgoing.newBuilder().setBundle(bundle).build();
  }

  private boolean nextFrame() {
    ByteBuffer frame = outbox.poll();
    rest = frame == null ? NOTHING : frame;
    return frame != null;
  }

  /** Forgets the rest of a frame whose beginning went over a connection that is no more. */
  void reset() {
    rest = NOTHING;
  }
}
