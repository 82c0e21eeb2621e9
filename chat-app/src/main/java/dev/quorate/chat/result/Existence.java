package dev.quorate.chat.result;

/** Whether the account exists. */
public record Existence(int version, boolean exists) implements Result {

  /** In the current version. */
  public Existence(boolean exists) {
    this(VERSION, exists);
  }
}
