package dev.quorate.raft.engine.membership;

import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.engine.message.Configuration;
import java.util.Objects;

/** What comes of a wish to change the members. */
public sealed interface Decision {

  /**
   * The change begins with that configuration.
   *
   * @param next the configuration to append
   */
  record Begin(Configuration next) implements Decision {
    /** Checks that there is one. */
    public Begin {
      Objects.requireNonNull(next, "next");
    }
  }

  /**
   * The change is not to be.
   *
   * @param reason why
   * @param message the reason for people
   */
  record Refuse(Reason reason, String message) implements Decision {
    /** Checks that there are a reason and a message. */
    public Refuse {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }
}
