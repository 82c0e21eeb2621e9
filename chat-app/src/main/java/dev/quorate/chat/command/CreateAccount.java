package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * Creates an account, unless the name is taken.
 *
 * @param version {@link Command#VERSION}
 * @param name the user name
 * @param password what is kept of the password
 */
public record CreateAccount(int version, String name, PasswordHash password) implements Command {

  @JsonbCreator
  public CreateAccount {
    TextRules.requireName(name);
  }

  /** In the current version. */
  public CreateAccount(String name, PasswordHash password) {
    this(VERSION, name, password);
  }
}
