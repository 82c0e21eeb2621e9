package dev.quorate.raft.api;

import java.util.Objects;

/** What became of a read. A read changes nothing, so that its end is never unknown. */
public sealed interface ReadOutcome {

  /**
   * The read was answered.
   *
   * @param index the index up to which the state that was read had applied the log
   * @param value what {@link StateMachine#query} returned; not to be changed
   */
  record Answered(long index, byte[] value) implements ReadOutcome {
    /** Checks that there is a value. */
    public Answered {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * The read was not answered.
   *
   * @param reason why
   * @param message the reason for people, with the facts
   */
  record Refused(RejectReason reason, String message) implements ReadOutcome {
    /** Checks that there are a reason and a message. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The answer.
   *
   * @return the answer; not to be changed
   * @throws CommandRejectedException if the read was refused
   */
  default byte[] value() {
    if (this instanceof Answered answered) {
      return answered.value();
    }
    Refused refused = (Refused) this;
    throw new CommandRejectedException(refused.reason(), refused.message());
  }
}
