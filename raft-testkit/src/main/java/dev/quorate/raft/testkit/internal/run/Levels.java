package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.ReadConsistency;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Draws how much of the past a read must reflect. */
final class Levels {

  private static final int LAG_BITS = 11;

  private final RandomGenerator random;

  Levels(RandomGenerator random) {
    this.random = random;
  }

  /** A level, given the highest index that callers know. */
  ReadConsistency draw(long known) {
    switch (random.nextInt(5)) {
      case 0:
        return ReadConsistency.stale(
            Duration.ofMillis(random.nextLong(1L << random.nextInt(LAG_BITS)) + 1));
      case 1:
        // Now and then an index that comes only later, or never.
        return ReadConsistency.atLeast(known + (random.nextInt(8) == 0 ? random.nextInt(20) : 0));
      case 2:
        return ReadConsistency.LEASE;
      default:
        return ReadConsistency.LINEARIZABLE;
    }
  }
}
