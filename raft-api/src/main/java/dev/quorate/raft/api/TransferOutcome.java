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
   * @param message why, for people
   */
  record Failed(String message) implements TransferOutcome {
    /** Checks that there is a message. */
    public Failed {
      Objects.requireNonNull(message, "message");
    }
  }
}
