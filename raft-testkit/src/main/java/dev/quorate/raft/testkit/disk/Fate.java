package dev.quorate.raft.testkit.disk;

import java.util.random.RandomGenerator;

/**
 * How much of what waited in one file or directory had reached the disk when the power went. With
 * many sectors a coin for each would hardly ever leave all or nothing, and those happen.
 */
enum Fate {
  NONE,
  ALL,
  ANY;

  private static final Fate[] ODDS = {NONE, ALL, ANY, ANY};

  static Fate draw(RandomGenerator random) {
    return ODDS[random.nextInt(ODDS.length)];
  }

  /** Which sectors of a page had reached the disk. */
  int kept(int sectors, RandomGenerator random) {
    return switch (this) {
      case NONE -> 0;
      case ALL -> sectors;
      case ANY -> sectors & random.nextInt();
    };
  }

  /** Whether the next change of a name had. */
  boolean kept(RandomGenerator random) {
    return switch (this) {
      case NONE -> false;
      case ALL -> true;
      case ANY -> random.nextBoolean();
    };
  }
}
