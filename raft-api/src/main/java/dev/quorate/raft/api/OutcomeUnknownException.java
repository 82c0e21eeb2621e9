package dev.quorate.raft.api;

/** The short forms' way to say {@link Outcome.Unknown}: the command may or may not be applied. */
public final class OutcomeUnknownException extends RaftException {

  private static final long serialVersionUID = 1L;

  /**
   * An end that is not known.
   *
   * @param message why it is not known
   */
  public OutcomeUnknownException(String message) {
    super(message);
  }
}
