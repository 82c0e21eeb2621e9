package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Appends words; a query gives all of them. Some words are special. */
final class Register implements StateMachine {

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

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
