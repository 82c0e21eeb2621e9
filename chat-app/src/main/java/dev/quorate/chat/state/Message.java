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
  private final Origin origin;

  /**
   * The send that it comes from.
   *
   * @param clientId which of the sender's clients
   * @param sequence the client's number of it
   * @param clusterMillis the cluster time of its entry in the log
   */
  record Origin(String clientId, long sequence, long clusterMillis) {}

  Message(long id, Account sender, Account recipient, String content, long sentAt, Origin origin) {
    this.id = id;
    this.sender = sender;
    this.recipient = recipient;
    this.content = content;
    this.sentAt = sentAt;
    this.contentBytes = content.getBytes(StandardCharsets.UTF_8).length;
    this.origin = origin;
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

  Origin origin() {
    return origin;
  }

  /** How much of a page this message takes. */
  int contentBytes() {
    return contentBytes;
  }

  boolean says(String otherRecipient, String otherContent) {
    return recipient.name().equals(otherRecipient) && content.equals(otherContent);
  }

  MessageView view() {
    return new MessageView(
        id, sender.name(), recipient.name(), content, sentAt, id <= recipient.readUpTo());
  }
}
