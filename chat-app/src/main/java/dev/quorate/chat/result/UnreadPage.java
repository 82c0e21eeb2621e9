package dev.quorate.chat.result;

import jakarta.json.bind.annotation.JsonbCreator;
import java.util.List;

/** The messages that were unread, oldest first, and how many still are. */
public record UnreadPage(int version, List<MessageView> messages, long remaining)
    implements Result {

  @JsonbCreator
  public UnreadPage {
    messages = List.copyOf(messages);
  }

  /** In the current version. */
  public UnreadPage(List<MessageView> messages, long remaining) {
    this(VERSION, messages, remaining);
  }
}
