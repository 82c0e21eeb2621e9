package dev.quorate.chat.state;

import dev.quorate.chat.result.MessageView;
import java.nio.charset.StandardCharsets;

/** A message. It never changes; whether it was read its recipient knows. */
final class Message {

  private final long id;
  private final Account sender;
  private final Account recipient;
  private final String content;
  private final long sentAt;
  private final int contentBytes;

  Message(long id, Account sender, Account recipient, String content, long sentAt) {
    this.id = id;
    this.sender = sender;
    this.recipient = recipient;
    this.content = content;
    this.sentAt = sentAt;
    this.contentBytes = content.getBytes(StandardCharsets.UTF_8).length;
  }

  long id() {
    return id;
  }

  long sentAt() {
    return sentAt;
  }

  Account sender() {
    return sender;
  }

  Account recipient() {
    return recipient;
  }

  String content() {
    return content;
  }

  /** How much of a page this message takes. */
  int contentBytes() {
    return contentBytes;
  }

  MessageView view() {
    return new MessageView(
        id, sender.name(), recipient.name(), content, sentAt, id <= recipient.readUpTo());
  }
}
