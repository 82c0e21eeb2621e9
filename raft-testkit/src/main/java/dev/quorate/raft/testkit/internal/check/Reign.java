package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.verdict.Violation;

/**
 * A read that a leader was asked for and answered itself, in one term: nobody was elected in a
 * later term before it was asked (I12). For a lease that is what it promises; a leader without one
 * asked a quorum afterwards, which would have known of the later term.
 *
 * @param term the term that the node led when it was asked
 * @param newest the highest term in which anybody had been elected by then
 */
public record Reign(NodeId leader, long term, long newest) {

  /** The node answers, and leads in that term. */
  public void answers(long nowTerm) {
    Violation.unless(
        nowTerm != term || newest <= term,
        "I12",
        () ->
            leader
                + " answers as the leader of term "
                + term
                + " what it was asked when term "
                + newest
                + " had one");
  }
}
