package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a snapshot's file ends with: what is known only behind its content. A file without it is not
 * complete.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  magic, "QSNE"
 *      4      4  the checksum of the header
 *      8      8  length of the content
 *     16     32  SHA-256 digest of the content
 *     48      4  CRC32C of the file's salt and the 48 bytes before
 * </pre>
 */
final class SnapshotFooter {

  static final int BYTES = 52;

  private static final int MAGIC = 0x51534e45; // QSNE
  private static final int LINK_AT = 4;
  private static final int LENGTH_AT = 8;
  private static final int DIGEST_AT = 16;
  private static final int CRC_AT = 48;

  private final long length;
  private final byte[] digest;

  SnapshotFooter(long length, byte[] digest) {
    this.length = length;
    this.digest = Arrays.copyOf(digest, CRC_AT - DIGEST_AT);
  }

  long length() {
    return length;
  }

  /** The part of the digest that is in a snapshot's id. */
  long hash() {
    return ByteBuffer.wrap(digest).getLong();
  }

  ByteBuffer encode(int link, long salt) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putInt(MAGIC).putInt(link).putLong(length).put(digest);
    return out.putInt(Checksum.of(salt, out, 0, CRC_AT)).flip();
  }

  static SnapshotFooter decode(ByteBuffer bytes, int link, long salt, Path file, long offset)
      throws IOException {
    if (bytes.getInt(0) != MAGIC
        || bytes.getInt(LINK_AT) != link
        || bytes.getInt(CRC_AT) != Checksum.of(salt, bytes, 0, CRC_AT)) {
      throw Damage.inSnapshot(file, offset, "the file has no valid end");
    }
    byte[] digest = new byte[CRC_AT - DIGEST_AT];
    bytes.get(DIGEST_AT, digest);
    return new SnapshotFooter(bytes.getLong(LENGTH_AT), digest);
  }
}
