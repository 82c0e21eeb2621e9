package dev.quorate.chat.state;

import dev.quorate.chat.command.PageRules;
import dev.quorate.chat.result.MessageView;
import java.util.ArrayList;
import java.util.List;

/** Messages up to a number and a size, but always one if there is one. */
final class MessagePage {

  private final List<MessageView> messages = new ArrayList<>();
  private final int size;
  private int bytes;

  MessagePage(int size) {
    this.size = size;
  }

  /** Whether the message is still to be on this page. */
  boolean takes(Message message) {
    return messages.isEmpty()
        || (messages.size() < size
            && bytes + message.contentBytes() <= PageRules.MAX_CONTENT_BYTES);
  }

  void add(Message message) {
    messages.add(message.view());
    bytes += message.contentBytes();
  }

  List<MessageView> messages() {
    return messages;
  }
}
