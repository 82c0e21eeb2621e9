package dev.quorate.raft.api.storage;

import dev.quorate.raft.api.NodeId;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node must never forget (Ongaro's dissertation, figure 3.1, persistent state): its term and
 * whom it voted for in it. Both change in one record, so that no crash pairs an old vote with a new
 * term.
 *
 * @param term the current term, at least 0
 * @param votedFor whom this node voted for in that term
 * @param votedIncarnation that candidate's incarnation, or 0 without a vote
 */
public record HardState(long term, Optional<NodeId> votedFor, long votedIncarnation) {

  /** The state of a node that has never taken part. */
  public static final HardState INITIAL = new HardState(0, Optional.empty(), 0);

  /** Checks the parts. */
  public HardState {
    Objects.requireNonNull(votedFor, "votedFor");
    if (term < 0) {
      throw new IllegalArgumentException("term " + term + " is negative");
    }
    if (votedFor.isEmpty() != (votedIncarnation == 0)) {
      throw new IllegalArgumentException("a vote names a node and its incarnation, or neither");
    }
  }

  /**
   * A term in which this node has not voted.
   *
   * @param term the term
   * @return the state
   */
  public static HardState withoutVote(long term) {
    return new HardState(term, Optional.empty(), 0);
  }
}
