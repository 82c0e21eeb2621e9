package dev.quorate.raft.testkit.history;

import java.util.Objects;

/**
 * How a call ended, as far as its client knows.
 *
 * @param <O> what a call returns
 */
public sealed interface Ending<O> {

  /**
   * The call took effect and returned.
   *
   * @param at when
   * @param value what it returned
   * @param <O> what a call returns
   */
  record Returned<O>(long at, O value) implements Ending<O> {
    /** Checks that there is a value. */
    public Returned {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * The call had no effect and never will have one.
   *
   * @param at when the client heard so
   * @param reason for people
   * @param <O> what a call returns
   */
  record Failed<O>(long at, String reason) implements Ending<O> {
    /** Checks that there is a reason. */
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The client gave up, or was told that nobody knows: the call may take effect at any time after
   * its invocation, this moment included or long past, or never.
   *
   * @param at when the client gave up
   * @param reason for people
   * @param <O> what a call returns
   */
  record Unknown<O>(long at, String reason) implements Ending<O> {
    /** Checks that there is a reason. */
    public Unknown {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The call had not ended when the history was read; to a checker the same as {@link Unknown}.
   *
   * @param <O> what a call returns
   */
  record Pending<O>() implements Ending<O> {}
}
