package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The records of a batch in bytes. Each has a checksum of its own, so that one entry can be read
 * back and verified without the batch around it.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  CRC32C of the segment's salt and all that follows
 *      4      1  type: 1 hard state, 2 truncation, 3 entry, 4 compaction, 5 installed snapshot
 *      5      3  reserved, 0
 *      8      4  length of the content
 *     12      n  content: a hard state; a first truncated index; an encoded entry; index and term of
 *                the last entry that is not needed; boot, index, term, length and hash of a snapshot
 * </pre>
 *
 * An installed snapshot drops the whole log. An install that keeps what follows the snapshot is a
 * compaction: which of the two it is was decided when it was written, and must not depend on what
 * is left of the log when it is read.
 */
final class Records {

  static final int HEADER_BYTES = 12;

  private static final int TYPE_AT = 4;
  private static final int LENGTH_AT = 8;
  private static final byte HARD_STATE = 1;
  private static final byte TRUNCATION = 2;
  private static final byte ENTRY = 3;
  private static final byte COMPACTION = 4;
  private static final byte INSTALLED = 5;
  private static final int COMPACTION_BYTES = 2 * Long.BYTES;
  private static final int INSTALLED_BYTES = 5 * Long.BYTES;
  private static final int RESERVED = 0xffffff;

  /** An entry begins with its version, its type and two reserved bytes. */
  private static final byte ENTRY_VERSION = 1;

  private Records() {}

  /** The number of bytes in which records are encoded. */
  static long length(List<WriteRecord> records) {
    long sum = 0;
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.SetHardState set) {
        sum += HEADER_BYTES + HardStateCodec.length(set.state());
      } else if (record instanceof WriteRecord.Truncate) {
        sum += HEADER_BYTES + Long.BYTES;
      } else if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          sum += HEADER_BYTES + entry.encodedLength();
        }
      } else if (record instanceof WriteRecord.Compact) {
        sum += HEADER_BYTES + COMPACTION_BYTES;
      } else if (record instanceof WriteRecord.InstallSnapshot) {
        sum += HEADER_BYTES + INSTALLED_BYTES;
      }
    }
    return sum;
  }

  static void encode(List<WriteRecord> records, long salt, ByteBuffer out) {
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.SetHardState set) {
        int start = begin(HARD_STATE, out);
        HardStateCodec.encode(set.state(), out);
        finish(start, salt, out);
      } else if (record instanceof WriteRecord.Truncate truncate) {
        int start = begin(TRUNCATION, out);
        out.putLong(truncate.fromIndex());
        finish(start, salt, out);
      } else if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          int start = begin(ENTRY, out);
          out.put(entry.encoded());
          finish(start, salt, out);
        }
      } else if (record instanceof WriteRecord.Compact compact) {
        int start = begin(COMPACTION, out);
        out.putLong(compact.throughIndex()).putLong(compact.throughTerm());
        finish(start, salt, out);
      } else if (record instanceof WriteRecord.InstallSnapshot install) {
        int start = begin(INSTALLED, out);
        SnapshotId id = install.snapshot();
        out.putLong(id.boot()).putLong(id.index()).putLong(id.term());
        out.putLong(id.length()).putLong(id.hash());
        finish(start, salt, out);
      }
    }
  }

  private static int begin(byte type, ByteBuffer out) {
    int start = out.position();
    out.putInt(0).put(type).put((byte) 0).putShort((short) 0).putInt(0);
    return start;
  }

  private static void finish(int start, long salt, ByteBuffer out) {
    int end = out.position();
    out.putInt(start + LENGTH_AT, end - start - HEADER_BYTES);
    out.putInt(start, Checksum.of(salt, out, start + TYPE_AT, end));
  }

  /**
   * Hands the records of a batch over, one by one.
   *
   * @param body from position to limit the records, which the batch's checksum has vouched for
   * @param offset where the body begins in the segment
   * @throws UnknownFormatException if a newer version wrote them
   * @throws IllegalArgumentException if they are no records
   */
  static void decode(ByteBuffer body, int offset, RecordSink sink) {
    ByteBuffer in = body.slice();
    while (in.hasRemaining()) {
      int start = in.position();
      ByteBuffer content = content(in);
      switch (in.get(start + TYPE_AT)) {
        case HARD_STATE -> sink.hardState(HardStateCodec.decode(content));
        case TRUNCATION -> sink.truncate(content.getLong());
        case ENTRY -> sink.entry(entry(content), offset + start);
        case COMPACTION -> sink.compact(content.getLong(), content.getLong());
        case INSTALLED -> sink.install(snapshot(content));
        default ->
            throw new UnknownFormatException(
                "a record of the unknown type " + in.get(start + TYPE_AT));
      }
      in.position(start + HEADER_BYTES + content.limit());
    }
  }

  /**
   * The first record of what is left of a body; the position moves behind it.
   *
   * @throws UnknownFormatException if a newer version wrote it
   * @throws IllegalArgumentException if it is no record
   */
  static ByteBuffer next(ByteBuffer body) {
    int length = HEADER_BYTES + content(body).limit();
    ByteBuffer record = body.slice(body.position(), length);
    body.position(body.position() + length);
    return record;
  }

  /** Whether a whole record is as it was written. */
  static boolean isIntact(ByteBuffer record, long salt) {
    return Checksum.of(salt, record, TYPE_AT, record.limit()) == record.getInt(0);
  }

  private static SnapshotId snapshot(ByteBuffer content) {
    return new SnapshotId(
        content.getLong(),
        content.getLong(),
        content.getLong(),
        content.getLong(),
        content.getLong());
  }

  private static ByteBuffer content(ByteBuffer in) {
    int length = in.remaining() < HEADER_BYTES ? -1 : in.getInt(in.position() + LENGTH_AT);
    if (length < 0 || length > in.remaining() - HEADER_BYTES) {
      throw new IllegalArgumentException("a record goes beyond its batch");
    }
    if ((in.getInt(in.position() + TYPE_AT) & RESERVED) != 0) {
      throw new UnknownFormatException("a record whose reserved bytes are in use");
    }
    return in.slice(in.position() + HEADER_BYTES, length);
  }

  /**
   * The entry in a record.
   *
   * @param record the whole record
   * @throws IllegalArgumentException if the record is damaged, or is of another kind
   */
  static LogEntry entry(ByteBuffer record, long salt) {
    if (!isIntact(record, salt) || record.get(TYPE_AT) != ENTRY) {
      throw new IllegalArgumentException("the checksum of an entry is wrong");
    }
    return entry(record.slice(HEADER_BYTES, record.limit() - HEADER_BYTES));
  }

  /**
   * The entry at a buffer's position 0.
   *
   * @throws UnknownFormatException if a newer version wrote it
   * @throws IllegalArgumentException if it is no entry
   */
  static LogEntry entry(ByteBuffer content) {
    if (content.limit() >= LogEntry.HEADER_BYTES) {
      byte version = content.get(0);
      byte type = content.get(1);
      if (version != ENTRY_VERSION || !known(type) || content.getShort(2) != 0) {
        throw new UnknownFormatException(
            "an entry of the unknown format " + version + " or type " + type);
      }
    }
    return LogEntry.decode(content);
  }

  private static boolean known(byte entryType) {
    for (LogEntry.Type type : LogEntry.Type.values()) {
      if (type.code() == entryType) {
        return true;
      }
    }
    return false;
  }
}
