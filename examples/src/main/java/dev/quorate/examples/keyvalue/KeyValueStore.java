package dev.quorate.examples.keyvalue;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.state.EntryCodec;
import dev.quorate.raft.api.state.MapSnapshot;
import dev.quorate.raft.api.state.PersistentMap;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Texts under names. A command puts a value or removes one and gives the value that was there
 * before; a query is a key and gives its value. What may be absent is a byte 0, or a byte 1 and the
 * text.
 *
 * <p>The state is an immutable map, so that capturing it for a snapshot is keeping it.
 */
public final class KeyValueStore implements StateMachine {
  private static final byte PUT = 1;
  private static final byte REMOVE = 2;
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;
  private static final Comparator<String> ORDER = Comparator.naturalOrder();

  private PersistentMap<String, String> entries = PersistentMap.sortedBy(ORDER);

  /** The command that puts a value under a key. */
  public static byte[] put(String key, String value) {
    byte[] keyBytes = utf8(key);
    byte[] valueBytes = utf8(value);
    return ByteBuffer.allocate(1 + Integer.BYTES + keyBytes.length + valueBytes.length)
        .put(PUT)
        .putInt(keyBytes.length)
        .put(keyBytes)
        .put(valueBytes)
        .array();
  }

  /** The command that removes a key. */
  public static byte[] remove(String key) {
    byte[] keyBytes = utf8(key);
    return ByteBuffer.allocate(1 + keyBytes.length).put(REMOVE).put(keyBytes).array();
  }

  /** The query for the value of a key. */
  public static byte[] get(String key) {
    return utf8(key);
  }

  /** What a command or a query has given. */
  public static Optional<String> value(byte[] result) {
    ByteBuffer bytes = ByteBuffer.wrap(result);
    return bytes.get() == PRESENT ? Optional.of(text(bytes, bytes.remaining())) : Optional.empty();
  }

  /** What {@link #apply} could not read must not get into the log: it would stop every node. */
  @Override
  public Optional<String> validate(ByteBuffer command) {
    if (!command.hasRemaining()) {
      return Optional.of("the command is empty");
    }
    byte kind = command.get();
    return switch (kind) {
      case PUT -> ofPut(command);
      case REMOVE -> Optional.empty();
      default -> Optional.of("a command of kind " + kind + "; 1 puts a value, 2 removes a key");
    };
  }

  private static Optional<String> ofPut(ByteBuffer command) {
    if (command.remaining() < Integer.BYTES) {
      return Optional.of("a put without the length of its key");
    }
    int length = command.getInt();
    return length < 0 || length > command.remaining()
        ? Optional.of("a key of " + length + " bytes where " + command.remaining() + " are left")
        : Optional.empty();
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    byte kind = command.get();
    String key = text(command, kind == PUT ? command.getInt() : command.remaining());
    Optional<String> before = entries.get(key);
    switch (kind) {
      case PUT -> entries = entries.with(key, text(command, command.remaining()));
      case REMOVE -> entries = entries.without(key);
      default -> throw new IllegalArgumentException("a command of kind " + kind);
    }
    return result(before);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return result(entries.get(text(query, query.remaining())));
  }

  @Override
  public Optional<Snapshot> capture() {
    return Optional.of(MapSnapshot.of(entries, new Texts()));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    entries = MapSnapshot.read(ORDER, new Texts(), in);
  }

  private static byte[] result(Optional<String> value) {
    byte[] text = utf8(value.orElse(""));
    return ByteBuffer.allocate(1 + text.length)
        .put(value.isPresent() ? PRESENT : ABSENT)
        .put(text)
        .array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static final class Texts implements EntryCodec<String, String> {
    @Override
    public void write(String key, String value, DataOutput out) throws IOException {
      writeText(key, out);
      writeText(value, out);
    }

    @Override
    public Map.Entry<String, String> read(DataInput in) throws IOException {
      return Map.entry(readText(in), readText(in));
    }

    /** Not writeUTF, which ends at 64 KiB. */
    private static void writeText(String text, DataOutput out) throws IOException {
      byte[] bytes = utf8(text);
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    private static String readText(DataInput in) throws IOException {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
