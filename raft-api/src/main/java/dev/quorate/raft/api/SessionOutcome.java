package dev.quorate.raft.api;

import java.util.Objects;

/** What became of the wish for a session. */
public sealed interface SessionOutcome {

  /**
   * The session is open.
   *
   * @param session the session
   */
  record Opened(Session session) implements SessionOutcome {
    /** Checks that there is a session. */
    public Opened {
      Objects.requireNonNull(session, "session");
    }
  }

  /**
   * There is no session that anybody could use. If it was opened all the same, behind a lost
   * answer, it expires.
   *
   * @param reason why
   * @param message the reason for people, with the facts
   */
  record Refused(RejectReason reason, String message) implements SessionOutcome {
    /** Checks that there are a reason and a message. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The session.
   *
   * @return the session
   * @throws CommandRejectedException if there is none
   */
  default Session orThrow() {
    if (this instanceof Opened opened) {
      return opened.session();
    }
    Refused refused = (Refused) this;
    throw new CommandRejectedException(refused.reason(), refused.message());
  }
}
