package dev.quorate.raft.api.storage;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * An entry of the log, in the one form in which it travels on the wire and lies on disk. The bytes
 * are encoded once, by the leader, and copied from there on.
 *
 * <p>Layout, big-endian:
 *
 * <pre>
 * offset  bytes  field
 *      0      1  format version, 1
 *      1      1  type, see {@link Type#code()}
 *      2      2  reserved, 0
 *      4      4  length of the payload
 *      8      8  log index
 *     16      8  term
 *     24      8  cluster time in milliseconds
 *     32      8  wall time in milliseconds since 1970
 *     40      n  payload
 * </pre>
 *
 * <p>Entries carry no checksum of their own: frames on the wire and records on disk do. Immutable.
 */
public final class LogEntry {

  /** The length of an entry without payload, in bytes. */
  public static final int HEADER_BYTES = 40;

  private static final byte VERSION = 1;
  private static final int TYPE_AT = 1;
  private static final int RESERVED_AT = 2;
  private static final int LENGTH_AT = 4;
  private static final int INDEX_AT = 8;
  private static final int TERM_AT = 16;
  private static final int CLUSTER_TIME_AT = 24;
  private static final int WALL_TIME_AT = 32;

  private final ByteBuffer bytes;

  private LogEntry(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** What an entry is for. */
  public enum Type {
    /** A command for the state machine. */
    COMMAND(1),
    /** What a leader appends at the start of its term, so that it can commit (section 6.4). */
    NO_OP(2),
    /** The members from here on. */
    CONFIGURATION(3),
    /** A client session begins, goes on with a command for the state machine, or ends. */
    SESSION(4),
    /** The settings from here on that all members share. */
    SETTINGS(5);

    private static final Type[] BY_CODE = {null, COMMAND, NO_OP, CONFIGURATION, SESSION, SETTINGS};

    private final byte code;

    Type(int code) {
      this.code = (byte) code;
    }

    /**
     * The type's number in the encoded form.
     *
     * @return 1 to 5
     */
    public byte code() {
      return code;
    }

    /**
     * Whether entries of this type come from callers, in any number, and not from the cluster's own
     * needs. Bounds on commands are bounds on these, and a full disk has no room for them.
     *
     * @return {@code true} for {@link #COMMAND} and {@link #SESSION}
     */
    public boolean isCommand() {
      return this == COMMAND || this == SESSION;
    }
  }

  /**
   * Makes an entry.
   *
   * @param type what it is for
   * @param index its log index, at least 1
   * @param term its term, at least 0
   * @param clusterTimeMillis the cluster's time
   * @param wallTimeMillis the leader's wall clock
   * @param payload its remaining bytes are copied
   * @return the entry
   */
  public static LogEntry of(
      Type type,
      long index,
      long term,
      long clusterTimeMillis,
      long wallTimeMillis,
      ByteBuffer payload) {
    Objects.requireNonNull(type, "type");
    if (index < 1 || term < 0) {
      throw new IllegalArgumentException("entry at index " + index + " of term " + term);
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + payload.remaining());
    bytes.put(VERSION).put(type.code()).putShort((short) 0).putInt(payload.remaining());
    bytes.putLong(index).putLong(term).putLong(clusterTimeMillis).putLong(wallTimeMillis);
    bytes.put(payload.duplicate()).flip();
    return new LogEntry(bytes);
  }

  /**
   * Reads the entry at a buffer's position and moves the position behind it.
   *
   * @param source the bytes; the entry keeps a view of them, they must not change afterwards
   * @return the entry
   * @throws IllegalArgumentException if they are no entry of a known version and type, or are cut
   *     short
   */
  public static LogEntry decode(ByteBuffer source) {
    int start = source.position();
    if (source.remaining() < HEADER_BYTES) {
      throw new IllegalArgumentException(
          "an entry of " + source.remaining() + " bytes is shorter than its header");
    }
    byte version = source.get(start);
    byte type = source.get(start + TYPE_AT);
    int length = source.getInt(start + LENGTH_AT);
    if (version != VERSION) {
      throw new IllegalArgumentException("entry format " + version + " is not known, only 1 is");
    }
    if (type < 1 || type >= Type.BY_CODE.length || source.getShort(start + RESERVED_AT) != 0) {
      throw new IllegalArgumentException(
          "entry type "
              + type
              + " is not known, only 1 to "
              + (Type.BY_CODE.length - 1)
              + " are; a newer version may have written it");
    }
    if (length < 0 || length > source.remaining() - HEADER_BYTES) {
      throw new IllegalArgumentException(
          "an entry's payload of " + length + " bytes goes beyond the bytes that are there");
    }
    LogEntry entry = new LogEntry(source.slice(start, HEADER_BYTES + length));
    if (entry.index() < 1 || entry.term() < 0) {
      throw new IllegalArgumentException(
          "entry at index " + entry.index() + " of term " + entry.term());
    }
    source.position(start + HEADER_BYTES + length);
    return entry;
  }

  /**
   * What the entry is for.
   *
   * @return the type
   */
  public Type type() {
    return Type.BY_CODE[bytes.get(TYPE_AT)];
  }

  /**
   * The log index.
   *
   * @return at least 1
   */
  public long index() {
    return bytes.getLong(INDEX_AT);
  }

  /**
   * The term in which a leader appended the entry.
   *
   * @return at least 0
   */
  public long term() {
    return bytes.getLong(TERM_AT);
  }

  /**
   * The cluster's time when the entry was appended.
   *
   * @return milliseconds
   */
  public long clusterTimeMillis() {
    return bytes.getLong(CLUSTER_TIME_AT);
  }

  /**
   * The leader's wall clock when the entry was appended.
   *
   * @return milliseconds since 1970
   */
  public long wallTimeMillis() {
    return bytes.getLong(WALL_TIME_AT);
  }

  /**
   * The payload.
   *
   * @return a new read-only view
   */
  public ByteBuffer payload() {
    return bytes.slice(HEADER_BYTES, bytes.limit() - HEADER_BYTES).asReadOnlyBuffer();
  }

  /**
   * The whole encoded form.
   *
   * @return a new read-only view
   */
  public ByteBuffer encoded() {
    return bytes.asReadOnlyBuffer();
  }

  /**
   * The length of the encoded form.
   *
   * @return bytes, at least {@link #HEADER_BYTES}
   */
  public int encodedLength() {
    return bytes.limit();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogEntry entry && bytes.equals(entry.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  /** Index, term, type and length, but never the payload, which may be secret. */
  @Override
  public String toString() {
    return index() + "/" + term() + " " + type() + " " + encodedLength() + "B";
  }
}
