package dev.quorate.chat.query;

import dev.quorate.chat.command.SessionKey;
import jakarta.json.bind.annotation.JsonbCreator;

/**
 * From which clients a user sends.
 *
 * @param version {@link Query#VERSION}
 * @param session the user's session
 */
public record ClientsOf(int version, SessionKey session) implements Query {

  @JsonbCreator
  public ClientsOf {}

  /** In the current version. */
  public ClientsOf(SessionKey session) {
    this(VERSION, session);
  }
}
