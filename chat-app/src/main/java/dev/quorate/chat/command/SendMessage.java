package dev.quorate.chat.command;

import jakarta.json.bind.annotation.JsonbCreator;
import java.nio.charset.StandardCharsets;

/**
 * Sends a message. The client's id and sequence make a retry the same message: the state remembers,
 * for each account and client, what the last {@link #REMEMBERED_SENDS} sequences became.
 *
 * @param version {@link Command#VERSION}
 * @param session the sender's session
 * @param clientId which of the sender's clients sends
 * @param sequence the client's number of this message, from 1
 * @param recipient the recipient's user name
 * @param content 1 byte to 64 KiB as UTF-8, trimmed
 */
public record SendMessage(
    int version,
    SessionKey session,
    String clientId,
    long sequence,
    String recipient,
    String content)
    implements Command {

  /** The longest content, in bytes of UTF-8. */
  public static final int MAX_CONTENT_BYTES = 64 * 1024;

  /** A sequence that is this far below a client's highest one is too old to tell. */
  public static final int REMEMBERED_SENDS = 64;

  /** How many clients an account has at most that sent lately. */
  public static final int MAX_CLIENTS = 256;

  /** A client that sent nothing for this long makes room for another when there is none. */
  public static final long CLIENT_IDLE_MILLIS = 300_000;

  @JsonbCreator
  public SendMessage {
    TextRules.requireClientId(clientId);
    TextRules.requireRange("sequence", sequence, 1, Long.MAX_VALUE);
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
  public SendMessage(
      SessionKey session, String clientId, long sequence, String recipient, String content) {
    this(VERSION, session, clientId, sequence, recipient, content.strip());
  }
}
