package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** Whether the fresh cluster's leadership is settled. */
public record Leadership(int version, boolean settled) implements Result {

  @JsonbCreator
  public Leadership {}

  /** In the current version. */
  public Leadership(boolean settled) {
    this(VERSION, settled);
  }
}
