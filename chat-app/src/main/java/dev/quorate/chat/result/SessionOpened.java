package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** The session is open; so many messages wait. */
public record SessionOpened(int version, long unread) implements Result {

  @JsonbCreator
  public SessionOpened {}

  /** In the current version. */
  public SessionOpened(long unread) {
    this(VERSION, unread);
  }
}
