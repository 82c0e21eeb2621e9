package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;
import java.nio.charset.StandardCharsets;

/**
 * Sends a message. It is submitted in the session that its client has with the cluster, so that a
 * retry is the same message without the state's doing.
 *
 * @param version {@link Command#VERSION}
 * @param session the sender's session
 * @param recipient the recipient's user name
 * @param content 1 byte to 64 KiB as UTF-8, trimmed
 */
public record SendMessage(int version, SessionKey session, String recipient, String content)
    implements Command {

  /** The longest content, in bytes of UTF-8. */
  public static final int MAX_CONTENT_BYTES = 64 * 1024;

  @JsonbCreator
  public SendMessage {
    TextRules.requireName(recipient);
    TextRules.requireWellFormed("content", content);
    if (!content.equals(content.strip())) {
      throw new IllegalArgumentException("the content is not trimmed");
    }
    int bytes = content.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException(
          "a message has 1 to " + MAX_CONTENT_BYTES + " bytes after trimming, not " + bytes);
    }
  }

  /** In the current version; trims the content. */
  public SendMessage(SessionKey session, String recipient, String content) {
    this(VERSION, session, recipient, content.strip());
  }
}
