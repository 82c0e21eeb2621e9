package dev.quorate.chat.state;

import dev.quorate.chat.result.MessageView;
import java.nio.charset.StandardCharsets;

/** A message; all but whether it was read is fixed. */
final class Message {

  private final long id;
  private final String sender;
  private final String recipient;
  private final String content;
  private final long sentAt;
  private final int contentBytes;
  private boolean read;

  Message(long id, String sender, String recipient, String content, long sentAt) {
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

  String sender() {
    return sender;
  }

  String recipient() {
    return recipient;
  }

  /** How much of a page this message takes. */
  int contentBytes() {
    return contentBytes;
  }

  boolean says(String otherRecipient, String otherContent) {
    return recipient.equals(otherRecipient) && content.equals(otherContent);
  }

  void markRead() {
    read = true;
  }

  MessageView view() {
    return new MessageView(id, sender, recipient, content, sentAt, read);
  }
}
