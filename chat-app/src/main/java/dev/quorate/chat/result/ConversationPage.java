package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;
import java.util.List;

/**
 * A page of a conversation.
 *
 * @param version {@link Result#VERSION}
 * @param messages in the asked order
 * @param nextCursor where the next page begins, or 0 if this one is the last
 * @param total how many messages the conversation has
 * @param unread how many of them the asker has not read
 */
public record ConversationPage(
    int version, List<MessageView> messages, long nextCursor, long total, long unread)
    implements Result {

  @JsonbCreator
  public ConversationPage {
    messages = List.copyOf(messages);
  }

  /** In the current version. */
  public ConversationPage(List<MessageView> messages, long nextCursor, long total, long unread) {
    this(VERSION, messages, nextCursor, total, unread);
  }
}
