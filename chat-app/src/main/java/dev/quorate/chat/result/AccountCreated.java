package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** The account exists now. */
public record AccountCreated(int version, long createdAt) implements Result {

  @JsonbCreator
  public AccountCreated {}

  /** In the current version. */
  public AccountCreated(long createdAt) {
    this(VERSION, createdAt);
  }
}
