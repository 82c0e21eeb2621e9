package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One frame of a connection past its handshake.
 *
 * @param kind what it carries
 * @param payload the bytes; they belong to whoever decoded the frame
 */
public record Frame(FrameKind kind, ByteBuffer payload) {

  /** How many bytes stand before a payload. */
  public static final int HEADER_BYTES = 10;

  /** How many of them the checksum covers. */
  static final int CHECKED_BYTES = 6;

  /**
   * Writes the header of a frame.
   *
   * @param out where to; has room for {@link #HEADER_BYTES}
   * @param version the version that was agreed
   * @param kind what the frame carries
   * @param payload the payload that will follow; not changed
   */
  public static void putHeader(ByteBuffer out, int version, FrameKind kind, ByteBuffer payload) {
    int start = out.position();
    out.putInt(payload.remaining()).put((byte) version).put(kind.code());
    CRC32C crc = new CRC32C();
    crc.update(out.duplicate().limit(out.position()).position(start));
    crc.update(payload.duplicate());
    out.putInt((int) crc.getValue());
  }
}
