package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What a segment begins with: where it continues its predecessor, and all that would be lost with
 * the predecessor if that were deleted (P6).
 *
 * @param group the group's id
 * @param incarnation the incarnation of the directory
 * @param sequence the segment's number in the group, from 1
 * @param previousEnd where the predecessor ends; whatever lies behind was cut. 0 for the first
 * @param previousChain the chain value of the predecessor there
 * @param carried how many bytes of batches behind this header were rewritten from the predecessor,
 *     and forced together with this header before the file got its name
 * @param baseIndex the index of the last entry before this segment
 * @param baseTerm its term
 * @param hardState the hard state at the segment's beginning
 * @param configuration the configuration entry that is in effect there
 */
record SegmentHeader(
    String group,
    long incarnation,
    int sequence,
    int previousEnd,
    int previousChain,
    int carried,
    long baseIndex,
    long baseTerm,
    HardState hardState,
    Optional<LogEntry> configuration) {

  private static final int MAGIC = 0x51534547; // QSEG
  private static final short VERSION = 1;
  private static final int CRC_AT = 4;
  private static final int LENGTH_AT = 8;
  private static final int VERSION_AT = 12;
  private static final int SALT_AT = 16;
  private static final int FIXED_BYTES = 64;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /**
   * The salt of all checksums in a segment. It needs no randomness: a segment is filled with zeros
   * and forced before its first byte is written, nothing in it is ever written twice, and no number
   * is used again for other content, so bytes under this salt that are no part of the log can only
   * be ones that a cut left behind its end, where nothing reads them. The salt keeps bytes of other
   * segments, groups and disks out.
   */
  static long salt(long incarnation, String group, int sequence) {
    byte[] name = group.getBytes(StandardCharsets.US_ASCII);
    long mixed = incarnation;
    for (byte b : name) {
      mixed = mix(mixed ^ b);
    }
    return mix(mixed ^ sequence);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  static long mix(long seed) {
    long z = seed + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long salt() {
    return salt(incarnation, group, sequence);
  }

  /** The length in the file. */
  int length() {
    return FIXED_BYTES
        + HardStateCodec.length(hardState)
        + Short.BYTES
        + group.length()
        + Integer.BYTES
        + configuration.map(LogEntry::encodedLength).orElse(0);
  }

  /** Writes the header at the buffer's position, which is 0, and returns its checksum. */
  int encode(ByteBuffer out) {
    int length = length();
    out.putInt(MAGIC).putInt(0).putInt(length).putShort(VERSION).putShort((short) 0);
    out.putLong(salt()).putLong(incarnation).putInt(sequence).putInt(carried);
    out.putInt(previousEnd).putInt(previousChain).putLong(baseIndex).putLong(baseTerm);
    HardStateCodec.encode(hardState, out);
    out.putShort((short) group.length()).put(group.getBytes(StandardCharsets.US_ASCII));
    out.putInt(configuration.map(LogEntry::encodedLength).orElse(0));
    configuration.ifPresent(entry -> out.put(entry.encoded()));
    int crc = Checksum.of(out, LENGTH_AT, length);
    out.putInt(CRC_AT, crc);
    return crc;
  }

  /** The checksum of a header that was decoded. It is the first link of the segment's chain. */
  static int chain(ByteBuffer bytes) {
    return bytes.getInt(CRC_AT);
  }

  /** Reads the header of a group's segment, which must belong there. */
  static SegmentHeader read(GroupFiles files, int sequence, long incarnation) throws IOException {
    Path file = files.segment(sequence);
    SegmentHeader header = read(file);
    if (header.sequence != sequence
        || header.incarnation != incarnation
        || !header.group.equals(files.group())) {
      throw Damage.at(
          file,
          0,
          "this is segment "
              + header.sequence
              + " of group '"
              + header.group
              + "' and incarnation "
              + header.incarnation
              + ", which does not belong here");
    }
    return header;
  }

  /** Reads the header of a segment and nothing else of it. */
  static SegmentHeader read(Path file) throws IOException {
    try (FileChannel channel = ChannelIo.open(file, StandardOpenOption.READ)) {
      ByteBuffer fixed =
          ByteBuffer.allocate((int) Math.min(FIXED_BYTES, ChannelIo.size(channel, file)));
      ChannelIo.readFully(channel, file, fixed, 0);
      int length = fixed.limit() < FIXED_BYTES ? 0 : fixed.getInt(LENGTH_AT);
      if (length < FIXED_BYTES || length > ChannelIo.size(channel, file)) {
        return decode(fixed.flip(), file);
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      ChannelIo.readFully(channel, file, bytes, 0);
      return decode(bytes.flip(), file);
    }
  }

  /**
   * Reads a segment's header. Magic, checksum, length and version are at the same place in every
   * version.
   *
   * @throws CorruptionException if it is damaged; a header is forced before its file gets its name,
   *     so it is never torn
   */
  static SegmentHeader decode(ByteBuffer bytes, Path file) throws IOException {
    int length = bytes.limit() < FIXED_BYTES ? 0 : bytes.getInt(LENGTH_AT);
    if (length < FIXED_BYTES
        || length > bytes.limit()
        || bytes.getInt(0) != MAGIC
        || Checksum.of(bytes, LENGTH_AT, length) != bytes.getInt(CRC_AT)) {
      throw Damage.at(file, 0, "this is no segment header, or its checksum is wrong");
    }
    short version = bytes.getShort(VERSION_AT);
    if (version != VERSION) {
      throw Damage.newer(file, version, VERSION);
    }
    SegmentHeader header;
    try {
      header = fields(bytes.duplicate().limit(length).position(SALT_AT + Long.BYTES));
    } catch (UnknownFormatException e) {
      throw Damage.newer(file, 0, e);
    }
    if (header.salt() != bytes.getLong(SALT_AT)) {
      throw Damage.at(file, SALT_AT, "the salt is not that of this segment");
    }
    return header;
  }

  private static SegmentHeader fields(ByteBuffer in) {
    long incarnation = in.getLong();
    int sequence = in.getInt();
    int carried = in.getInt();
    int previousEnd = in.getInt();
    int previousChain = in.getInt();
    long baseIndex = in.getLong();
    long baseTerm = in.getLong();
    HardState hardState = HardStateCodec.decode(in);
    byte[] group = new byte[in.getShort()];
    in.get(group);
    int configurationBytes = in.getInt();
    return new SegmentHeader(
        new String(group, StandardCharsets.US_ASCII),
        incarnation,
        sequence,
        previousEnd,
        previousChain,
        carried,
        baseIndex,
        baseTerm,
        hardState,
        configurationBytes == 0 ? Optional.empty() : Optional.of(copy(in)));
  }

  /** An entry with bytes of its own, so that it does not keep a whole segment in memory. */
  private static LogEntry copy(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return Records.entry(ByteBuffer.wrap(bytes));
  }
}
