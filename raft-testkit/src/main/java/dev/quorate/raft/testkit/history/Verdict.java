package dev.quorate.raft.testkit.history;

import java.util.List;
import java.util.Objects;

/**
 * What a search for a legal order came to. Only {@link Linearizable} is a pass: end a test with
 * {@link #requireLinearizable}.
 */
public sealed interface Verdict {

  /**
   * There is an order.
   *
   * @param operations how many operations were placed or found to be without effect
   * @param partitions how many independent objects they were about
   * @param steps how many steps of the model the search took
   */
  record Linearizable(int operations, int partitions, long steps) implements Verdict {}

  /**
   * There is no order.
   *
   * @param partition the object at which it fails
   * @param culprit the operation that cannot be placed: until it returned, all could be explained
   * @param prefix the shortest beginning of that object's history that has no order, which is up to
   *     the culprit's return; what had not returned by then is pending
   * @param explanation all of this for people, several lines
   */
  record NotLinearizable(
      Object partition,
      Operation<?, ?> culprit,
      List<? extends Operation<?, ?>> prefix,
      String explanation)
      implements Verdict {
    /** Copies the list. */
    public NotLinearizable {
      Objects.requireNonNull(partition, "partition");
      Objects.requireNonNull(culprit, "culprit");
      prefix = List.copyOf(prefix);
      Objects.requireNonNull(explanation, "explanation");
    }
  }

  /**
   * Nobody knows: the search of at least one object used up its budget, and no object was found to
   * fail.
   *
   * @param partitions the objects of which nothing is known
   * @param budget how many steps the search of each was allowed
   */
  record Undecided(List<Object> partitions, long budget) implements Verdict {
    /** Copies the list. */
    public Undecided {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Returns if the history is linearizable.
   *
   * @throws AssertionError if it is not, or if that is undecided; the message says which, and why
   */
  default void requireLinearizable() {
    if (this instanceof NotLinearizable not) {
      throw new AssertionError("NOT LINEARIZABLE: " + not.explanation());
    } else if (this instanceof Undecided undecided) {
      throw new AssertionError(
          "UNDECIDED, which is no pass: "
              + undecided.budget()
              + " steps did not suffice for "
              + undecided.partitions()
              + "; spread the operations over more objects, let fewer of them be simultaneous or"
              + " unknown, or raise the budget");
    }
  }
}
