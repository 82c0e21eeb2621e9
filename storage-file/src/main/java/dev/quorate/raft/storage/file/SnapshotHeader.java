package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a snapshot's file begins with: all that is known before its content, and where that lies.
 *
 * @param group the group's id
 * @param incarnation the incarnation of the directory
 * @param boot the run of the process that made the snapshot, perhaps another node's
 * @param index the index of the last entry that it contains the effect of
 * @param term the term of that entry
 */
record SnapshotHeader(String group, long incarnation, long boot, long index, long term) {

  /** How much content lies before each checksum; the last chunk may be shorter. */
  static final int CHUNK_BYTES = 64 << 10;

  private static final int MAGIC = 0x51534e50; // QSNP
  private static final short VERSION = 1;
  private static final int CRC_AT = 4;
  private static final int LENGTH_AT = 8;
  private static final int VERSION_AT = 12;
  private static final int SALT_AT = 16;
  private static final int FIXED_BYTES = 64;

  /**
   * The salt of the footer; that of a chunk is its number higher. It keeps bytes of other files
   * out, and chunks that lie at another place than their own.
   */
  long salt() {
    long ofGroup = SegmentHeader.salt(incarnation, group, 0);
    return SegmentHeader.mix(SegmentHeader.mix(ofGroup ^ boot) ^ index);
  }

  /** The length in the file. */
  int length() {
    return FIXED_BYTES + group.length();
  }

  /** Where a chunk begins. */
  long chunkAt(long number) {
    return length() + number * (CHUNK_BYTES + Integer.BYTES);
  }

  /** Where the footer of a content of so many bytes begins. */
  long footerAt(long contentLength) {
    long chunks = (contentLength + CHUNK_BYTES - 1) / CHUNK_BYTES;
    return length() + contentLength + chunks * Integer.BYTES;
  }

  /** Writes the header at the buffer's position, which is 0, and returns its checksum. */
  int encode(ByteBuffer out) {
    int length = length();
    out.putInt(MAGIC).putInt(0).putInt(length).putShort(VERSION).putShort((short) 0);
    out.putLong(salt()).putLong(incarnation).putLong(boot).putLong(index).putLong(term);
    out.putInt(CHUNK_BYTES).putInt(group.length());
    out.put(group.getBytes(StandardCharsets.US_ASCII));
    int crc = Checksum.of(out, LENGTH_AT, length);
    out.putInt(CRC_AT, crc);
    return crc;
  }

  /** The checksum of a header that was read: the footer repeats it. */
  static int link(ByteBuffer bytes) {
    return bytes.getInt(CRC_AT);
  }

  /** The bytes of the header of a file of a size, as far as they are there. */
  static ByteBuffer read(FileChannel channel, Path file) throws IOException {
    long size = ChannelIo.size(channel, file);
    ByteBuffer fixed = ByteBuffer.allocate((int) Math.min(FIXED_BYTES, size));
    ChannelIo.readFully(channel, file, fixed, 0);
    int length = fixed.limit() < FIXED_BYTES ? 0 : fixed.getInt(LENGTH_AT);
    if (length < FIXED_BYTES || length > Math.min(size, CHUNK_BYTES)) {
      return fixed.flip();
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    ChannelIo.readFully(channel, file, bytes, 0);
    return bytes.flip();
  }

  /** Reads a header. Magic, checksum, length and version are at the same place in every version. */
  static SnapshotHeader decode(ByteBuffer bytes, Path file) throws IOException {
    if (bytes.limit() < FIXED_BYTES
        || bytes.getInt(0) != MAGIC
        || bytes.getInt(LENGTH_AT) != bytes.limit()
        || bytes.getInt(CRC_AT) != Checksum.of(bytes, LENGTH_AT, bytes.limit())) {
      throw Damage.inSnapshot(
          file, 0, "this is no snapshot, or the checksum of its header is wrong");
    }
    short version = bytes.getShort(VERSION_AT);
    if (version != VERSION) {
      throw Damage.newer(file, version, VERSION);
    }
    bytes.position(SALT_AT + Long.BYTES);
    long incarnation = bytes.getLong();
    long boot = bytes.getLong();
    long index = bytes.getLong();
    long term = bytes.getLong();
    int chunk = bytes.getInt();
    byte[] group = new byte[bytes.getInt()];
    bytes.get(group);
    SnapshotHeader header =
        new SnapshotHeader(
            new String(group, StandardCharsets.US_ASCII), incarnation, boot, index, term);
    if (header.salt() != bytes.getLong(SALT_AT) || chunk != CHUNK_BYTES) {
      throw Damage.inSnapshot(file, SALT_AT, "the salt is not that of this snapshot");
    }
    return header;
  }
}
