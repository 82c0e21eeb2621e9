package dev.quorate.chat.result;

/** The session is open; so many messages wait. */
public record SessionOpened(int version, long unread) implements Result {

  /** In the current version. */
  public SessionOpened(long unread) {
    this(VERSION, unread);
  }
}
