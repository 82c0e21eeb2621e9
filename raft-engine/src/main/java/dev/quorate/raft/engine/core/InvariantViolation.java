package dev.quorate.raft.engine.core;

/**
 * Something that the protocol excludes has happened: a defect, or a disk that lost what it had
 * promised. The node stops taking part rather than make it worse.
 */
public final class InvariantViolation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A violation, with the facts. */
  public InvariantViolation(String message) {
    super(message);
  }
}
