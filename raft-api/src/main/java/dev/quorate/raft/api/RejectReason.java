package dev.quorate.raft.api;

/** Why a call was refused. A refused command is certainly not applied, now or later. */
public enum RejectReason {
  /** No leader was known before the deadline. */
  NO_LEADER(true),
  /** This node is not, or not yet, a member of the cluster (it is forming, wiped or removed). */
  NOT_A_MEMBER(true),
  /** A bound on calls or bytes in flight is reached; it falls as soon as work completes. */
  OVER_LIMIT(true),
  /** The command or query is longer than the configured maximum; it will never be accepted. */
  TOO_LARGE(false),
  /** Another entry was committed at the place in the log that this command had. */
  SUPERSEDED(true),
  /** The leader is handing over to another node. */
  TRANSFERRING(true),
  /** The node that would have served the call is degraded; its status says why. */
  DEGRADED(true),
  /** The disk of the leader is full. */
  NO_SPACE(true),
  /** The read could not be confirmed before the deadline. */
  TIMED_OUT(true),
  /** The node cannot vouch for state as recent as the read asked for. */
  TOO_STALE(true),
  /** The node is closed or closing. */
  CLOSED(false),
  /** The session has expired or was closed; what was submitted in it is not applied any more. */
  SESSION_EXPIRED(false),
  /** The cluster has as many sessions as its settings allow. */
  TOO_MANY_SESSIONS(true),
  /** A command of the session that comes before this one is not applied yet. */
  OUT_OF_ORDER(true),
  /** Another command was applied under this one's number in the session. */
  SEQUENCE_REUSED(false),
  /** The state machine refuses the command for what it is ({@link StateMachine#validate}). */
  INVALID(false);

  private final boolean retryable;

  RejectReason(boolean retryable) {
    this.retryable = retryable;
  }

  /**
   * Whether the same call may succeed later or through another node.
   *
   * @return {@code true} if trying again makes sense
   */
  public boolean retryable() {
    return retryable;
  }
}
