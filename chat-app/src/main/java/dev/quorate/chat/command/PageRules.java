package dev.quorate.chat.command;

/**
 * The bounds of pages. For unread messages they decide what a page marks, so that they are
 * replicated.
 */
public final class PageRules {

  /** The most entries of a page. */
  public static final int MAX_SIZE = 1000;

  /**
   * After how many bytes of content a page of messages ends early. Written as JSON a byte takes up
   * to six, and an answer must stay below gRPC's 4 MiB.
   */
  public static final int MAX_CONTENT_BYTES = 512 * 1024;

  private PageRules() {}

  /**
   * A page size.
   *
   * @throws IllegalArgumentException if it is out of bounds
   */
  public static void requireSize(int size) {
    TextRules.requireRange("page size", size, 1, MAX_SIZE);
  }
}
