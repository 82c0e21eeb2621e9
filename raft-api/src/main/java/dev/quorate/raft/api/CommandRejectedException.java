package dev.quorate.raft.api;

import java.util.Objects;

/** The short forms' way to say {@link Outcome.Rejected} or {@link ReadOutcome.Refused}. */
public final class CommandRejectedException extends RaftException {

  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  /**
   * A refusal.
   *
   * @param reason why
   * @param message the reason for people
   */
  public CommandRejectedException(RejectReason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Why the call was refused.
   *
   * @return the reason
   */
  public RejectReason reason() {
    return reason;
  }
}
