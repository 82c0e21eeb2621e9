package dev.quorate.chat.result;

import dev.quorate.chat.command.PasswordHash;

/** What is kept of the password. */
public record PasswordFound(int version, PasswordHash password) implements Result {

  /** In the current version. */
  public PasswordFound(PasswordHash password) {
    this(VERSION, password);
  }
}
