package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.verdict.Violation;

/** Violations that a node, or a future, would keep to itself: the first of them ends the run. */
final class Swallowed {

  private Violation first;

  void add(Violation violation) {
    if (first == null) {
      first = violation;
    }
  }

  /** A step is over. */
  void throwIfAny() {
    if (first != null) {
      throw first;
    }
  }
}
