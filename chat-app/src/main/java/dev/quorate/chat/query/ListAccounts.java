package dev.quorate.chat.query;

import dev.quorate.chat.command.PageRules;
import dev.quorate.chat.command.SessionKey;
import dev.quorate.chat.command.TextRules;
import jakarta.json.bind.annotation.JsonbCreator;

/**
 * A page of the names that match a pattern.
 *
 * @param version {@link Query#VERSION}
 * @param session the asker's session
 * @param pattern the pattern; see {@link NamePattern}
 * @param page from 1
 * @param size 1 to {@link PageRules#MAX_SIZE}
 */
public record ListAccounts(int version, SessionKey session, String pattern, int page, int size)
    implements Query {

  @JsonbCreator
  public ListAccounts {
    NamePattern.of(pattern);
    TextRules.requireRange("page", page, 1, Integer.MAX_VALUE);
    PageRules.requireSize(size);
  }

  /** In the current version. */
  public ListAccounts(SessionKey session, String pattern, int page, int size) {
    this(VERSION, session, pattern, page, size);
  }
}
