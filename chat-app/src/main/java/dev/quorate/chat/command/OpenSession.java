package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * Opens a session of a user whose password the proposing node has checked. Past {@link
 * #MAX_SESSIONS} sessions of one account the oldest ends.
 *
 * @param version {@link Command#VERSION}
 * @param name the user name
 * @param session the new session's key
 */
public record OpenSession(int version, String name, SessionKey session) implements Command {

  /** How many sessions an account has at most. */
  public static final int MAX_SESSIONS = 64;

  @JsonbCreator
  public OpenSession {
    TextRules.requireName(name);
  }

  /** In the current version. */
  public OpenSession(String name, SessionKey session) {
    this(VERSION, name, session);
  }
}
