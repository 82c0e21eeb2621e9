package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** The message is sent. */
public record MessageSent(int version, long id, long sentAt) implements Result {

  @JsonbCreator
  public MessageSent {}

  /** In the current version. */
  public MessageSent(long id, long sentAt) {
    this(VERSION, id, sentAt);
  }
}
