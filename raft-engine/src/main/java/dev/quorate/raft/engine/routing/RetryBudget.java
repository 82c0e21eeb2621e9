package dev.quorate.raft.engine.routing;

/**
 * How much may be tried again. Repetitions of many clients keep a cluster that has too much to do
 * from recovering; so each takes from a budget that only calls which succeed fill again, ten of
 * them for one repetition (as gRPC's retry throttling does, proposal A6).
 */
final class RetryBudget {

  private static final int PARTS = 10;

  private final long maxParts;
  private long parts;

  RetryBudget(int max) {
    maxParts = (long) max * PARTS;
    parts = maxParts;
  }

  /** Takes one repetition; false if none is left. */
  boolean take() {
    if (parts < PARTS) {
      return false;
    }
    parts -= PARTS;
    return true;
  }

  /** A call succeeded. */
  void succeeded() {
    parts = Math.min(maxParts, parts + 1);
  }
}
