package dev.quorate.chat.result;

/** Whether the fresh cluster's leadership is settled. */
public record Leadership(int version, boolean settled) implements Result {

  /** In the current version. */
  public Leadership(boolean settled) {
    this(VERSION, settled);
  }
}
