package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.ClusterId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads primitive values strictly. It moves its source's position and takes views of the source
 * instead of copying.
 */
final class Reader {

  private final ByteBuffer source;

  Reader(ByteBuffer source) {
    this.source = source.order(ByteOrder.BIG_ENDIAN);
  }

  int u8() throws DecodeException {
    need(1);
    return Byte.toUnsignedInt(source.get());
  }

  int u16() throws DecodeException {
    need(Short.BYTES);
    return Short.toUnsignedInt(source.getShort());
  }

  long i64() throws DecodeException {
    need(Long.BYTES);
    return source.getLong();
  }

  /** A term or an index, which are never negative. */
  long natural(String what) throws DecodeException {
    long value = i64();
    if (value < 0) {
      throw new DecodeException(what + " " + value + " is negative");
    }
    return value;
  }

  /** A number of 4 bytes that is never negative. */
  int i32(String what) throws DecodeException {
    need(Integer.BYTES);
    int value = source.getInt();
    if (value < 0) {
      throw new DecodeException(what + " " + value + " is negative");
    }
    return value;
  }

  /**
   * A number of things that each take some bytes, so that the number is bounded by what is there.
   */
  int count(int bytesEach) throws DecodeException {
    need(Integer.BYTES);
    int count = source.getInt();
    if (count < 0 || count > source.remaining() / bytesEach) {
      throw new DecodeException(
          count + " items are more than " + source.remaining() + " bytes hold");
    }
    return count;
  }

  /** Bit set in which only the lowest bits may be set. */
  int flags(int known) throws DecodeException {
    int flags = u8();
    if ((flags & ~known) != 0) {
      throw new DecodeException("unknown flags 0x" + Integer.toHexString(flags));
    }
    return flags;
  }

  /** A read-only view of so many bytes as the number before them says. */
  ByteBuffer bytes() throws DecodeException {
    return view(count(1));
  }

  /** A read-only view of all that is left. */
  ByteBuffer rest() throws DecodeException {
    return view(source.remaining());
  }

  private ByteBuffer view(int length) throws DecodeException {
    need(length);
    ByteBuffer view = source.slice(source.position(), length).asReadOnlyBuffer();
    source.position(source.position() + length);
    return view;
  }

  String text() throws DecodeException {
    ByteBuffer encoded = view(u16());
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(encoded)
          .toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("a text is not UTF-8", e);
    }
  }

  /** A node's or a group's name, both of which follow the rules of {@link NodeId}. */
  NodeId name() throws DecodeException {
    int length = u8();
    need(length);
    byte[] ascii = new byte[length];
    source.get(ascii);
    try {
      return new NodeId(new String(ascii, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new DecodeException("an illegal name", e);
    }
  }

  Address address() throws DecodeException {
    String host = text();
    int port = u16();
    if (host.isBlank()) {
      throw new DecodeException("an address without a host");
    }
    return new Address(host, port);
  }

  ClusterId clusterId() throws DecodeException {
    return new ClusterId(i64(), i64());
  }

  SnapshotId snapshotId() throws DecodeException {
    try {
      return new SnapshotId(i64(), i64(), i64(), i64(), i64());
    } catch (IllegalArgumentException e) {
      throw new DecodeException(e.getMessage(), e);
    }
  }

  /** A number of bytes, at least 1. */
  int positive() throws DecodeException {
    need(Integer.BYTES);
    int value = source.getInt();
    if (value < 1) {
      throw new DecodeException(value + " is no number of bytes to ask for");
    }
    return value;
  }

  LogEntry entry() throws DecodeException {
    try {
      return LogEntry.decode(source);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new DecodeException(e.getMessage(), e);
    }
  }

  /** Nothing may follow what was read. */
  void end() throws DecodeException {
    if (source.hasRemaining()) {
      throw new DecodeException(source.remaining() + " bytes too many");
    }
  }

  private void need(int bytes) throws DecodeException {
    if (source.remaining() < bytes) {
      throw new DecodeException(
          "cut short: " + bytes + " bytes wanted, " + source.remaining() + " there");
    }
  }
}
