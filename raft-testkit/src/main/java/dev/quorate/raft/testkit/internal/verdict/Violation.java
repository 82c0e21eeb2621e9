package dev.quorate.raft.testkit.internal.verdict;

import java.util.function.Supplier;

/**
 * An invariant does not hold. An error, so that nothing takes it for a fault of the node; whoever
 * swallows it all the same does not hide it, because the run remembers the first one.
 */
public final class Violation extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final String invariant;

  /**
   * A violation.
   *
   * @param invariant the number, such as {@code I4}
   * @param message what is wrong
   */
  public Violation(String invariant, String message) {
    super(invariant + ": " + message);
    this.invariant = invariant;
  }

  /** The number of the invariant. */
  public String invariant() {
    return invariant;
  }

  /** Throws unless it holds. */
  public static void unless(boolean holds, String invariant, Supplier<String> message) {
    if (!holds) {
      throw new Violation(invariant, message.get());
    }
  }
}
