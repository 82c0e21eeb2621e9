package dev.quorate.raft.api;

/** The base of the exceptions that this library throws at its users. */
public class RaftException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with its reason.
   *
   * @param message what is wrong, where, and what would be right
   */
  public RaftException(String message) {
    super(message);
  }

  /**
   * An exception with its reason and its cause.
   *
   * @param message what is wrong, where, and what would be right
   * @param cause what it came from
   */
  public RaftException(String message, Throwable cause) {
    super(message, cause);
  }
}
