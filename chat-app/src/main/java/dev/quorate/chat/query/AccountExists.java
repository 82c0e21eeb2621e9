package dev.quorate.chat.query;

import dev.quorate.chat.command.TextRules;
import jakarta.json.bind.annotation.JsonbCreator;

/** Whether there is an account of that name. */
public record AccountExists(int version, String name) implements Query {

  @JsonbCreator
  public AccountExists {
    TextRules.requireName(name);
  }

  /** In the current version. */
  public AccountExists(String name) {
    this(VERSION, name);
  }
}
