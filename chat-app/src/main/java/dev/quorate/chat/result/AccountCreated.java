package dev.quorate.chat.result;

/** The account exists now. */
public record AccountCreated(int version, long createdAt) implements Result {

  /** In the current version. */
  public AccountCreated(long createdAt) {
    this(VERSION, createdAt);
  }
}
