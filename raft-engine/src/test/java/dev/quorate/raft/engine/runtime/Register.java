package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Appends words; a query gives all of them. Some words are special. */
class Register implements StateMachine {

  static final String FAIL = "fail";
  static final String OVERFLOW = "overflow";

  private final StringBuilder words = new StringBuilder();

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    String word = StandardCharsets.UTF_8.decode(command).toString();
    if (word.equals(FAIL)) {
      throw new IllegalStateException("told to");
    }
    if (word.equals(OVERFLOW)) {
      throw new StackOverflowError("told to");
    }
    words.append(word).append(' ');
    return bytes(word + "!");
  }

  @Override
  public byte[] query(ByteBuffer query) {
    String word = StandardCharsets.UTF_8.decode(query).toString();
    if (word.equals(FAIL)) {
      throw new IllegalArgumentException("told to");
    }
    return bytes(words.toString());
  }

  @Override
  public Optional<Snapshot> capture() {
    byte[] state = bytes(words.toString());
    return Optional.of(out -> out.write(state));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    words.setLength(0);
    words.append(text(in.readAllBytes()));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
