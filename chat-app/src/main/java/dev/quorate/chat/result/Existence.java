package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** Whether the account exists. */
public record Existence(int version, boolean exists) implements Result {

  @JsonbCreator
  public Existence {}

  /** In the current version. */
  public Existence(boolean exists) {
    this(VERSION, exists);
  }
}
