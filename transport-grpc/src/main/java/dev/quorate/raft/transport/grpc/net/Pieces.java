package dev.quorate.raft.transport.grpc.net;

import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.transport.grpc.proto.Outgoing;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.nio.ByteBuffer;

/** Cuts the frames of an outbox into messages. Only the event loop calls. */
final class Pieces {

  /** The longest piece's data. */
  static final int MAX_BYTES = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Outbox outbox;
  private ByteBuffer rest = NOTHING;

  Pieces(Outbox outbox) {
    this.outbox = outbox;
  }

  /** The next message, or null if nothing waits. */
  Outgoing next() {
    if (!rest.hasRemaining()) {
      ByteBuffer frame = outbox.poll();
      if (frame == null) {
        rest = NOTHING;
        return null;
      }
      rest = frame;
    }
    int length = Math.min(rest.remaining(), MAX_BYTES);
    ByteBuffer data = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    // Not copied: a frame does not change after it was sent.
    Piece piece =
        Piece.newBuilder()
            .setData(UnsafeByteOperations.unsafeWrap(data))
            .setMore(rest.hasRemaining())
            .build();
    return Outgoing.newBuilder().setPiece(piece).build();
  }

  /** Forgets the rest of a frame whose beginning went over a connection that is no more. */
  void reset() {
    rest = NOTHING;
  }
}
