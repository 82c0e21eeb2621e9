package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The form that both handshake messages share: magic, length, body, checksum. */
final class Greetings {

  static final int PREFIX_BYTES = Integer.BYTES + Short.BYTES;
  static final int CHECKSUM_BYTES = Integer.BYTES;
  static final int MAX_BODY_BYTES = 512;

  private Greetings() {}

  static ByteBuffer wrap(int magic, ByteBuffer body) {
    ByteBuffer out = ByteBuffer.allocate(PREFIX_BYTES + body.remaining() + CHECKSUM_BYTES);
    out.putInt(magic).putShort((short) body.remaining()).put(body);
    out.putInt(checksum(out.duplicate().flip()));
    return out.flip();
  }

  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }

  /** Reads a text whose length a stranger claims: it must lie within the body. */
  static String text(ByteBuffer body, String what) throws WireException {
    if (body.remaining() < Short.BYTES) {
      throw new WireException("a handshake without " + what);
    }
    int length = Short.toUnsignedInt(body.getShort());
    if (length > body.remaining()) {
      throw new WireException("a handshake that ends within " + what);
    }
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
