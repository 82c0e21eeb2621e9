package dev.quorate.chat.demo;

/** Tries whether the chat works: what {@code test} does. */
interface Trial {

  /** Tries it once; gives up in good time when the cluster cannot serve. */
  Verdict run();

  /**
   * How it went.
   *
   * @param passed whether a message was sent and found
   * @param detail what was done, or why it was not
   */
  record Verdict(boolean passed, String detail) {}
}
