package dev.quorate.chat.query;

import dev.quorate.chat.command.TextRules;
import jakarta.json.bind.annotation.JsonbCreator;

/** What is kept of an account's password. For the serving node only, never for a client. */
public record PasswordOf(int version, String name) implements Query {

  @JsonbCreator
  public PasswordOf {
    TextRules.requireName(name);
  }

  /** In the current version. */
  public PasswordOf(String name) {
    this(VERSION, name);
  }
}
