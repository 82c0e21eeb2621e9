package dev.quorate.raft.api;

import java.util.Objects;

/**
 * A member, or a node that waits to become one. A node with another disk is another member under
 * the same name, so that while a disk is being replaced a name may stand in a list twice.
 *
 * @param node the node's name
 * @param incarnation the number of its disk, never 0
 * @param address where it is reached
 * @param standing what it is in the group
 * @param featureLevel the highest level of features that it supports, as it declared last
 */
public record MemberStatus(
    NodeId node, long incarnation, Address address, Standing standing, int featureLevel) {

  /** Checks that nothing is missing. */
  public MemberStatus {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(standing, "standing");
  }

  /** What a node is in a group. */
  public enum Standing {
    /** It has a vote. */
    VOTER,
    /** It has a vote until the change that is under way is complete. */
    LEAVING_VOTER,
    /** It receives the log and has no vote. */
    LEARNER,
    /** It receives the log and will have a vote as soon as it has caught up. */
    CATCHING_UP,
    /** It is no member, and waits to be let in. */
    WAITING
  }
}
