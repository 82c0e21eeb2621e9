package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * The client is one of the user's.
 *
 * @param version {@link Result#VERSION}
 * @param replaced the client that is none any more, or 0
 */
public record ClientAdded(int version, long replaced) implements Result {

  @JsonbCreator
  public ClientAdded {}

  /** In the current version. */
  public ClientAdded(long replaced) {
    this(VERSION, replaced);
  }
}
