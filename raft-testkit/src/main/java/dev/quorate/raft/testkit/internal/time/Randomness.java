package dev.quorate.raft.testkit.internal.time;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One seed, a stream for each purpose: a draw more in one stream shifts nothing in another, so that
 * a run with a fault less resembles the run with it.
 */
public final class Randomness {

  private final long seed;

  /** All streams of that seed. */
  public Randomness(long seed) {
    this.seed = seed;
  }

  /** The stream for a purpose, from its beginning. */
  public RandomGenerator stream(String purpose) {
    return new SplittableRandom(mix(seed, purpose.hashCode()));
  }

  /** The streams of a part, such as a node or its nth boot. */
  public Randomness part(String name) {
    return new Randomness(mix(seed, name.hashCode()));
  }

  private static long mix(long a, long b) {
    // The finalizer of MurmurHash3, as in SplittableRandom.
    long z = a * 0x9e3779b97f4a7c15L + b;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
