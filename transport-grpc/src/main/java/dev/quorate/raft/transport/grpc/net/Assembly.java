package dev.quorate.raft.transport.grpc.net;

import com.google.protobuf.ByteString;
import dev.quorate.raft.transport.grpc.proto.Piece;
import java.nio.ByteBuffer;

/** Puts the pieces of one call's frames together. Only the event loop calls. */
final class Assembly {

  private final int maxFrameBytes;
  private ByteString collected = ByteString.EMPTY;

  Assembly(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Adds a piece.
   *
   * @return the frame, or null while it is not complete
   * @throws IllegalArgumentException if this cannot be a frame
   */
  ByteBuffer add(Piece piece) {
    long length = (long) collected.size() + piece.getData().size();
    if (piece.getData().isEmpty()) {
      throw new IllegalArgumentException("an empty piece");
    }
    if (length > maxFrameBytes) {
      throw new IllegalArgumentException(
          "a frame of at least " + length + " bytes, where " + maxFrameBytes + " are the limit");
    }
    collected = collected.concat(piece.getData());
    if (piece.getMore()) {
      return null;
    }
    ByteBuffer frame = ByteBuffer.wrap(collected.toByteArray());
    collected = ByteString.EMPTY;
    return frame;
  }
}
