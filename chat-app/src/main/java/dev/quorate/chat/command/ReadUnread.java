package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;

/**
 * Returns the oldest unread messages and marks them as read.
 *
 * @param version {@link Command#VERSION}
 * @param session the reader's session
 * @param size how many at most, 1 to {@link PageRules#MAX_SIZE}
 */
public record ReadUnread(int version, SessionKey session, int size) implements Command {

  @JsonbCreator
  public ReadUnread {
    PageRules.requireSize(size);
  }

  /** In the current version. */
  public ReadUnread(SessionKey session, int size) {
    this(VERSION, session, size);
  }
}
