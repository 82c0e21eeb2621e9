package dev.quorate.raft.engine.message;

import java.util.List;
import java.util.Objects;

/**
 * What a configuration is to become once those have caught up that are to be voters. It is
 * replicated, so that a new leader finishes what its predecessor began (rule P18).
 *
 * @param voters the voters, sorted by id
 * @param learners the members without a vote, sorted by id
 */
public record Goal(List<Member> voters, List<Member> learners) {

  /** Copies the lists. */
  public Goal {
    Objects.requireNonNull(voters, "voters");
    Objects.requireNonNull(learners, "learners");
    voters = Configuration.sorted(voters);
    learners = Configuration.sorted(learners);
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("a goal without a voter");
    }
  }
}
