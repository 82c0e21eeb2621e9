package dev.quorate.raft.api;

import java.util.Objects;

/**
 * What became of a submitted command. There are exactly three ends, and which of them it is decides
 * whether a retry is safe: {@link Applied}, {@link Rejected} (certainly not applied) and {@link
 * Unknown} (may have been, or may yet be, applied once).
 */
public sealed interface Outcome {

  /**
   * The command is committed and applied.
   *
   * @param index its log index
   * @param result what {@link StateMachine#apply} returned; not to be changed
   */
  record Applied(long index, byte[] result) implements Outcome {
    /** Checks that there is a result. */
    public Applied {
      Objects.requireNonNull(result, "result");
    }
  }

  /**
   * The command is certainly not applied and never will be.
   *
   * @param reason why
   * @param message the reason for people, with the facts
   */
  record Rejected(RejectReason reason, String message) implements Outcome {
    /** Checks that there are a reason and a message. */
    public Rejected {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The command was handed over, but its end was not learnt: it may be applied, once, or not.
   *
   * @param message why its end is not known
   */
  record Unknown(String message) implements Outcome {
    /** Checks that there is a message. */
    public Unknown {
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The result of an applied command.
   *
   * @return the result; not to be changed
   * @throws CommandRejectedException if the command was rejected
   * @throws OutcomeUnknownException if its end is not known
   */
  default byte[] resultOrThrow() {
    if (this instanceof Applied applied) {
      return applied.result();
    }
    if (this instanceof Rejected rejected) {
      throw new CommandRejectedException(rejected.reason(), rejected.message());
    }
    throw new OutcomeUnknownException(((Unknown) this).message());
  }
}
