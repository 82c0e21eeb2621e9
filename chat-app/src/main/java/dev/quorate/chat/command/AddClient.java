package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * A user sends from one more client. Past {@link #MAX_CLIENTS} clients of one account the one that
 * was added first is none of its clients any more.
 *
 * @param version {@link Command#VERSION}
 * @param session the user's session
 * @param client the client's session with the cluster, in which what it sends has its numbers
 */
public record AddClient(int version, SessionKey session, long client) implements Command {

  /** How many clients an account has at most. */
  public static final int MAX_CLIENTS = 64;

  @JsonbCreator
  public AddClient {
    TextRules.requireRange("client", client, 1, Long.MAX_VALUE);
  }

  /** In the current version. */
  public AddClient(SessionKey session, long client) {
    this(VERSION, session, client);
  }
}
