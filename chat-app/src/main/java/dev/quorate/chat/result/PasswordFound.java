package dev.quorate.chat.result;

import dev.quorate.chat.command.PasswordHash;
import jakarta.json.bind.annotation.JsonbCreator;

/**
 * What is kept of the password.
 *
 * @param version {@link Result#VERSION}
 * @param password what a password is checked against
 * @param credentials the log index of the command that set it
 */
public record PasswordFound(int version, PasswordHash password, long credentials)
    implements Result {

  @JsonbCreator
  public PasswordFound {}

  /** In the current version. */
  public PasswordFound(PasswordHash password, long credentials) {
    this(VERSION, password, credentials);
  }
}
