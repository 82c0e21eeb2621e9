package dev.quorate.raft.testkit.history;

import java.util.Objects;

/**
 * One call of a client. Times are of any one clock and are compared as they are; two calls that
 * touch in one instant count as simultaneous.
 *
 * @param number its place in the history, from 0, by which people find it
 * @param client who called
 * @param invokedAt when: not later than the first moment at which it could take effect
 * @param input what was asked for
 * @param ending how it ended; not before {@code invokedAt}
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public record Operation<I, O>(
    int number, String client, long invokedAt, I input, Ending<O> ending) {

  /** Checks that nothing is missing and that the call ended after it began. */
  public Operation {
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(ending, "ending");
    if (endOf(ending, invokedAt) < invokedAt) {
      throw new IllegalArgumentException(
          "operation " + number + " begins at " + invokedAt + " and ends before that: " + ending);
    }
  }

  private static long endOf(Ending<?> ending, long otherwise) {
    if (ending instanceof Ending.Returned<?> returned) {
      return returned.at();
    } else if (ending instanceof Ending.Failed<?> failed) {
      return failed.at();
    } else if (ending instanceof Ending.Unknown<?> unknown) {
      return unknown.at();
    }
    return otherwise;
  }

  /**
   * Tells whether its effect is certain.
   *
   * @return whether it took effect
   */
  public boolean isAcknowledged() {
    return ending instanceof Ending.Returned;
  }

  /**
   * Tells whether it is certain that there is no effect.
   *
   * @return whether it never takes effect
   */
  public boolean isFailed() {
    return ending instanceof Ending.Failed;
  }

  /** When an acknowledged operation returned. */
  long returnedAt() {
    return ((Ending.Returned<O>) ending).at();
  }

  /** For example {@code #4 c2 [120..180] Write[value=7] -> Done[]}. */
  @Override
  public String toString() {
    String begin = "#" + number + " " + client + " [" + invokedAt;
    if (ending instanceof Ending.Returned<O> returned) {
      return begin + ".." + returned.at() + "] " + input + " -> " + returned.value();
    } else if (ending instanceof Ending.Failed<O> failed) {
      return begin + ".." + failed.at() + "] " + input + " failed: " + failed.reason();
    } else if (ending instanceof Ending.Unknown<O> unknown) {
      return begin + "..] " + input + " unknown since " + unknown.at() + ": " + unknown.reason();
    }
    return begin + "..] " + input + " pending";
  }
}
