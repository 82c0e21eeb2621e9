package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/** The message is sent, or was by an earlier attempt. */
public record MessageSent(int version, long id, long sentAt, boolean repeated) implements Result {

  @JsonbCreator
  public MessageSent {}

  /** In the current version. */
  public MessageSent(long id, long sentAt, boolean repeated) {
    this(VERSION, id, sentAt, repeated);
  }
}
