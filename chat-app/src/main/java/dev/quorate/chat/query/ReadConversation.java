package dev.quorate.chat.query;

import dev.quorate.chat.command.PageRules;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.command.TextRules;
import jakarta.json.bind.annotation.JsonbCreator;

/**
 * A page of what two users wrote to each other.
 *
 * @param version {@link Query#VERSION}
 * @param session the asker's session
 * @param with the other user
 * @param order in which order the messages come
 * @param cursor the id of the message right behind which the page begins, in that order; 0 for the
 *     first page
 * @param size 1 to {@link PageRules#MAX_SIZE}
 */
public record ReadConversation(
    int version, SessionKey session, String with, Order order, long cursor, int size)
    implements Query {

  /** The order of a page. */
  public enum Order {
    OLDEST_FIRST,
    NEWEST_FIRST
  }

  @JsonbCreator
  public ReadConversation {
    TextRules.requireName(with);
    TextRules.requireRange("cursor", cursor, 0, Long.MAX_VALUE);
    PageRules.requireSize(size);
  }

  /** In the current version. */
  public ReadConversation(SessionKey session, String with, Order order, long cursor, int size) {
    this(VERSION, session, with, order, cursor, size);
  }
}
