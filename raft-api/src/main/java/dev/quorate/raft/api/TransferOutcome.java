package dev.quorate.raft.api;

import java.util.Objects;

/** What became of a request to hand the leadership over. */
public sealed interface TransferOutcome {

  /**
   * The target leads.
   *
   * @param leader the new leader
   * @param term its term
   */
  record Transferred(NodeId leader, long term) implements TransferOutcome {
    /** Checks that there is a leader. */
    public Transferred {
      Objects.requireNonNull(leader, "leader");
    }
  }

  /**
   * The leadership was not handed to the target; where the old leader still leads, it serves again.
   *
   * @param reason why
   * @param message the reason for people, with the facts
   */
  record Failed(Reason reason, String message) implements TransferOutcome {
    /** Checks that there are a reason and a message. */
    public Failed {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }

  /** Why a leadership was not handed over. */
  enum Reason {
    /** The node that was asked does not lead. */
    NOT_LEADER,
    /** The target has no vote in this group: it is a learner, or no member. */
    NOT_A_VOTER,
    /** No other voter answers and has space on its disk. */
    NO_CANDIDATE,
    /** The target has not answered for the longest election timeout. */
    NO_ANSWER,
    /** The target has no space on its disk, so that it would not stand for election. */
    NO_SPACE,
    /**
     * The target lacks more of the log than the leader holds in memory, needs a snapshot, or has
     * not said for an election timeout how much it has. Commands would wait for that.
     */
    BEHIND,
    /** Another transfer is under way. */
    UNDER_WAY,
    /** The target did not take over before the deadline. */
    TIMED_OUT,
    /** Another node than the chosen one was elected, or the old leader again. */
    ANOTHER_ELECTED,
    /** The node that was asked takes no part: it is closed, degraded, or no member. */
    UNAVAILABLE
  }
}
