package dev.quorate.raft.testkit.simulation;

/**
 * A run broke an invariant. The message says which, how to see it again, and what happened last
 * before it.
 */
public final class SimulationFailure extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final long seed;
  private final String invariant;

  /**
   * A failure.
   *
   * @param seed the seed of the run
   * @param invariant which invariant, such as {@code I4}
   * @param message what is wrong and what happened before
   * @param cause where it was noticed
   */
  public SimulationFailure(long seed, String invariant, String message, Throwable cause) {
    super(message, cause);
    this.seed = seed;
    this.invariant = invariant;
  }

  /**
   * The seed of the run.
   *
   * @return the seed; the same simulation with it fails in the same way
   */
  public long seed() {
    return seed;
  }

  /**
   * Which invariant does not hold.
   *
   * @return a number such as {@code I4}, a word such as {@code determinism}, or the name of an
   *     invariant of the state machine
   */
  public String invariant() {
    return invariant;
  }
}
