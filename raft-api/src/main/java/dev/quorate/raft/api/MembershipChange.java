package dev.quorate.raft.api;

import java.util.Objects;

/**
 * One wish in a change of membership. Several of them in one call are one change: all of them take
 * effect in one step, or none.
 *
 * <p>Who is added has been started with an empty disk and waits to be let in (see {@link
 * Membership#waiting()}); its address is the one that it says it has.
 */
public sealed interface MembershipChange {

  /**
   * A node that waits becomes a learner, is sent the log, and becomes a voter once it has caught
   * up.
   *
   * @param node the node
   */
  record AddMember(NodeId node) implements MembershipChange {
    /** Checks that there is a node. */
    public AddMember {
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A node that waits becomes a learner and stays one: it is sent the log and has no vote.
   *
   * @param node the node
   */
  record AddLearner(NodeId node) implements MembershipChange {
    /** Checks that there is a node. */
    public AddLearner {
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A learner becomes a voter, as soon as it has caught up.
   *
   * @param node the learner
   */
  record Promote(NodeId node) implements MembershipChange {
    /** Checks that there is a node. */
    public Promote {
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A voter becomes a learner.
   *
   * @param node the voter
   */
  record Demote(NodeId node) implements MembershipChange {
    /** Checks that there is a node. */
    public Demote {
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A member is no member any more. Its disk never becomes one again: to come back, the node is
   * started with an empty one.
   *
   * @param node the voter or learner
   */
  record Remove(NodeId node) implements MembershipChange {
    /** Checks that there is a node. */
    public Remove {
      Objects.requireNonNull(node, "node");
    }
  }

  /**
   * A node that waits takes a member's place: it becomes a learner, and when it has caught up and
   * the member was a voter, it becomes a voter in the same step in which the member is removed.
   * Both may have the same name: then it is the same node with another disk, because the old one
   * was lost or wiped.
   *
   * @param member whose place it is
   * @param newcomer the node that waits
   */
  record Replace(NodeId member, NodeId newcomer) implements MembershipChange {
    /** Checks that there are two nodes. */
    public Replace {
      Objects.requireNonNull(member, "member");
      Objects.requireNonNull(newcomer, "newcomer");
    }

    /**
     * A node whose disk was lost or wiped comes back under its old name.
     *
     * @param node the node, which waits with its new disk
     * @return the wish
     */
    public static Replace disk(NodeId node) {
      return new Replace(node, node);
    }
  }

  /**
   * A member is found at another address from now on.
   *
   * @param node the member
   * @param address where the others reach it; the port is not 0
   */
  record UpdateAddress(NodeId node, Address address) implements MembershipChange {
    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the port is 0
     */
    public UpdateAddress {
      Objects.requireNonNull(node, "node");
      if (address.port() == 0) {
        throw new IllegalArgumentException("nobody can reach " + node + " at " + address);
      }
    }
  }

  /**
   * A change whose newcomers do not catch up is given up; they stay learners, except for the new
   * disk of a node that is readmitted, which is removed and must be wiped to come again. A change
   * can be given up as long as its newcomers have no vote. This wish stands alone.
   */
  record Cancel() implements MembershipChange {}
}
