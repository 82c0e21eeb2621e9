package dev.quorate.raft.tools.recover;

/** What was asked would not help, or would do harm; the message says why and what to do. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
