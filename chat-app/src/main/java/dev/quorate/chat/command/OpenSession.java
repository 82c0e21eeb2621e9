package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * Opens a session of a user whose password the proposing node has checked, if what it checked
 * against is still what counts. Past {@link #MAX_SESSIONS} sessions of one account the oldest ends.
 *
 * @param version {@link Command#VERSION}
 * @param name the user name
 * @param credentials what was checked against: the log index of the command that set the password
 * @param session the new session's key
 */
public record OpenSession(int version, String name, long credentials, SessionKey session)
    implements Command {

  /** How many sessions an account has at most. */
  public static final int MAX_SESSIONS = 64;

  @JsonbCreator
  public OpenSession {
    TextRules.requireName(name);
    TextRules.requireRange("credentials", credentials, 1, Long.MAX_VALUE);
  }

  /** In the current version. */
  public OpenSession(String name, long credentials, SessionKey session) {
    this(VERSION, name, credentials, session);
  }
}
