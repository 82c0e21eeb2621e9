package dev.quorate.raft.api;

import java.util.Objects;

/** How a change of membership ended. */
public sealed interface MembershipOutcome {

  /**
   * The change is complete and committed.
   *
   * @param membership the members from then on
   */
  record Changed(Membership membership) implements MembershipOutcome {
    /** Checks that there are members. */
    public Changed {
      Objects.requireNonNull(membership, "membership");
    }
  }

  /**
   * Nothing was changed, and this call will not change anything any more.
   *
   * @param reason why
   * @param message the reason for people, with the facts
   */
  record Refused(Reason reason, String message) implements MembershipOutcome {
    /** Checks that there are a reason and a message. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The change was handed over and was not seen to end in time. It may be under way, and {@link
   * GroupMembership#current()} shows whether it is, or may never have begun. It is safe to ask for
   * it again.
   *
   * @param message what is known
   */
  record Unknown(String message) implements MembershipOutcome {
    /** Checks that there is a message. */
    public Unknown {
      Objects.requireNonNull(message, "message");
    }
  }

  /** Why a change is refused. */
  enum Reason {
    /** No leader was known before the deadline. */
    NO_LEADER,
    /** This node is no member of the group, or none any more. */
    NOT_A_MEMBER,
    /** The leader has not yet committed an entry of its term; a moment later it has. */
    NOT_READY,
    /** Another change is under way; there is one at a time. */
    CHANGE_UNDER_WAY,
    /** The members are not those of the expected version. */
    OTHER_VERSION,
    /** A node that is to be changed or removed is no member. */
    UNKNOWN_MEMBER,
    /** A node that is to be added is a member already. */
    ALREADY_A_MEMBER,
    /** A node that is to be added does not wait to be let in. */
    NOT_WAITING,
    /** A node that is to be added comes with a disk that was removed before; it needs another. */
    DISK_WAS_REMOVED,
    /** A node that is to be promoted is a voter, or one that is to be demoted a learner. */
    ROLE_IS_THE_SAME,
    /** No voter would be left. */
    NO_VOTER_LEFT,
    /** Two wishes of the change are about the same node, or one must stand alone. */
    CONTRADICTION,
    /** Everything is as it is wished already, or there is no wish. */
    NOTHING_TO_CHANGE,
    /** There would be more members than the group can have. */
    TOO_MANY_MEMBERS,
    /** Another member has that address. */
    ADDRESS_IN_USE,
    /** Somebody gave the change up before it was complete. */
    CANCELLED,
    /** A new leader was elected that had not heard of the change; it never took effect. */
    SUPERSEDED,
    /** The node is degraded or closed; its status says why. */
    NOT_SERVING,
    /** Too many changes are asked for at a time. */
    OVER_LIMIT,
    /** A newcomer's version does not support the feature level that the group has reached. */
    FEATURE_LEVEL
  }
}
