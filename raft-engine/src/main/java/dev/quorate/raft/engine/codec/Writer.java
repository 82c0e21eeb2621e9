package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.ClusterId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes primitive values into a buffer that grows. */
final class Writer {

  private static final int MAX_NAME_BYTES = 0xff;
  private static final int MAX_TEXT_BYTES = 0xffff;

  private ByteBuffer buffer;

  Writer(int expectedBytes) {
    buffer = ByteBuffer.allocate(expectedBytes);
  }

  Writer u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  Writer u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  Writer i32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  Writer i64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  Writer bytes(ByteBuffer bytes) {
    i32(bytes.remaining());
    return raw(bytes);
  }

  Writer raw(ByteBuffer bytes) {
    room(bytes.remaining()).put(bytes.duplicate());
    return this;
  }

  Writer text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (encoded.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException("a text of " + encoded.length + " bytes is too long");
    }
    u16(encoded.length);
    room(encoded.length).put(encoded);
    return this;
  }

  Writer name(NodeId name) {
    return name(name.value());
  }

  Writer name(String name) {
    byte[] ascii = name.getBytes(StandardCharsets.ISO_8859_1);
    if (ascii.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a name of " + ascii.length + " bytes is too long");
    }
    u8(ascii.length);
    room(ascii.length).put(ascii);
    return this;
  }

  Writer address(Address address) {
    return text(address.host()).u16(address.port());
  }

  Writer clusterId(ClusterId id) {
    return i64(id.high()).i64(id.low());
  }

  Writer snapshotId(SnapshotId id) {
    return i64(id.boot()).i64(id.index()).i64(id.term()).i64(id.length()).i64(id.hash());
  }

  Writer entry(LogEntry entry) {
    return raw(entry.encoded());
  }

  /** What was written, from position to limit. The writer is of no more use. */
  ByteBuffer done() {
    return buffer.flip();
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      int grown = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * buffer.capacity()));
      buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), grown)).position(buffer.position());
    }
    return buffer;
  }
}
