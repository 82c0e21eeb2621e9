package dev.quorate.chat.result;

import dev.quorate.chat.command.PasswordHash;
import jakarta.json.bind.annotation.JsonbCreator;

/** What is kept of the password. */
public record PasswordFound(int version, PasswordHash password) implements Result {

  @JsonbCreator
  public PasswordFound {}

  /** In the current version. */
  public PasswordFound(PasswordHash password) {
    this(VERSION, password);
  }
}
