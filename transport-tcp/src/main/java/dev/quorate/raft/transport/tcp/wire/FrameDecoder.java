package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Cuts the bytes of one connection into frames as they arrive. Memory grows with the bytes that did
 * arrive, never with a length that a header claims.
 */
public final class FrameDecoder {

  /** The first piece of a payload; a longer one at least doubles each time its bytes fill it. */
  private static final int FIRST_PIECE_BYTES = 64 * 1024;

  private final int version;
  private final int maxPayloadBytes;
  private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
  private FrameKind kind;
  private byte[] payload;
  private int filled;

  /**
   * A decoder at the beginning of a frame.
   *
   * @param version the version that was agreed
   * @param maxPayloadBytes a longer payload is refused
   */
  public FrameDecoder(int version, int maxPayloadBytes) {
    this.version = version;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /**
   * Takes bytes up to the end of the next frame, and leaves what follows.
   *
   * @param in the bytes that arrived
   * @return the frame, or null while it is not complete
   * @throws WireException if this is no frame
   */
  public Frame next(ByteBuffer in) throws WireException {
    if (payload == null && !takeHeader(in)) {
      return null;
    }
    int length = header.getInt(0);
    takePayload(in, length);
    if (filled < length) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, Frame.CHECKED_BYTES);
    crc.update(payload, 0, length);
    if ((int) crc.getValue() != header.getInt(Frame.CHECKED_BYTES)) {
      throw new WireException("a frame of " + length + " bytes with a wrong checksum");
    }
    Frame frame = new Frame(kind, ByteBuffer.wrap(payload));
    header.clear();
    payload = null;
    return frame;
  }

  private boolean takeHeader(ByteBuffer in) throws WireException {
    while (header.hasRemaining() && in.hasRemaining()) {
      header.put(in.get());
    }
    if (header.hasRemaining()) {
      return false;
    }
    int length = header.getInt(0);
    if (length < 0 || length > maxPayloadBytes) {
      throw new WireException(
          "a frame that claims "
              + Integer.toUnsignedLong(length)
              + " bytes, where "
              + maxPayloadBytes
              + " are the limit");
    }
    if (header.get(Integer.BYTES) != version) {
      throw new WireException(
          "a frame of version " + header.get(Integer.BYTES) + ", where " + version + " was agreed");
    }
    kind = FrameKind.of(header.get(Integer.BYTES + 1));
    payload = new byte[Math.min(length, Math.max(in.remaining(), FIRST_PIECE_BYTES))];
    filled = 0;
    return true;
  }

  private void takePayload(ByteBuffer in, int length) {
    while (filled < length && in.hasRemaining()) {
      if (filled == payload.length) {
        int doubled = (int) Math.min(length, 2L * payload.length);
        payload = Arrays.copyOf(payload, doubled);
      }
      int count = Math.min(payload.length - filled, in.remaining());
      in.get(payload, filled, count);
      filled += count;
    }
  }
}
