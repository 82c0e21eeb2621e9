package dev.quorate.raft.storage.file;

import java.nio.ByteBuffer;

/**
 * What a batch begins with. It can be verified by itself, because after damage it must still be
 * heard what a batch behind the damage says about what was forced before it was written (P4).
 *
 * <pre>
 * offset  bytes  field
 *      0      4  magic, "QBAT"
 *      4      4  CRC32C of the segment's salt and the bytes 8 to 27: this batch's link of the chain
 *      8      4  offset of this header in the segment
 *     12      4  length of the body
 *     16      4  offset in the segment below which all was forced when this was written
 *     20      4  the link before: the checksum of the previous batch's header, or of the segment's
 *     24      4  CRC32C of the segment's salt and the body
 * </pre>
 *
 * @param offset where it is
 * @param bodyLength the length of the records behind it
 * @param forced below which offset everything was forced
 * @param previous the link before it
 * @param bodyCrc the checksum of the records
 */
record BatchHeader(int offset, int bodyLength, int forced, int previous, int bodyCrc) {

  static final int BYTES = 28;

  private static final int MAGIC = 0x51424154; // QBAT
  private static final int CRC_AT = 4;
  private static final int FIELDS_AT = 8;

  /** Writes the header at an absolute place in a buffer and returns its link. */
  int encode(long salt, ByteBuffer out, int at) {
    out.putInt(at, MAGIC);
    out.putInt(at + FIELDS_AT, offset);
    out.putInt(at + FIELDS_AT + 4, bodyLength);
    out.putInt(at + FIELDS_AT + 8, forced);
    out.putInt(at + FIELDS_AT + 12, previous);
    out.putInt(at + FIELDS_AT + 16, bodyCrc);
    int crc = Checksum.of(salt, out, at + FIELDS_AT, at + BYTES);
    out.putInt(at + CRC_AT, crc);
    return crc;
  }

  /** The header at an offset of a segment, or {@code null} if no undamaged one is there. */
  static BatchHeader at(ByteBuffer segment, int offset, long salt) {
    if (offset > segment.limit() - BYTES
        || segment.getInt(offset) != MAGIC
        || segment.getInt(offset + FIELDS_AT) != offset
        || segment.getInt(offset + CRC_AT)
            != Checksum.of(salt, segment, offset + FIELDS_AT, offset + BYTES)) {
      return null;
    }
    return new BatchHeader(
        offset,
        segment.getInt(offset + FIELDS_AT + 4),
        segment.getInt(offset + FIELDS_AT + 8),
        segment.getInt(offset + FIELDS_AT + 12),
        segment.getInt(offset + FIELDS_AT + 16));
  }

  /** The link of the undamaged header at an offset. */
  static int link(ByteBuffer segment, int offset) {
    return segment.getInt(offset + CRC_AT);
  }
}
