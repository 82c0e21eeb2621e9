package dev.quorate.raft.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C over bytes, begun with a salt so that bytes of another file do not pass for bytes of this
 * one.
 */
final class Checksum {

  private Checksum() {}

  /** The checksum of the bytes from {@code from} to {@code to}; position and limit stay. */
  static int of(ByteBuffer bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(to).position(from));
    return (int) crc.getValue();
  }

  /** The same, with a salt before the bytes. */
  static int of(long salt, ByteBuffer bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      crc.update((int) (salt >>> shift) & 0xff);
    }
    crc.update(bytes.duplicate().limit(to).position(from));
    return (int) crc.getValue();
  }
}
