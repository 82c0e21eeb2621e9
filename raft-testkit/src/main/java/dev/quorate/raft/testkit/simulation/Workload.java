package dev.quorate.raft.testkit.simulation;

import java.util.random.RandomGenerator;

/**
 * What callers ask of a state machine in a simulation. Both methods must depend on nothing but the
 * random source that they are given; they are called by one thread.
 */
public interface Workload {

  /**
   * Makes a command. The state machine must take it without an exception, whatever was applied
   * before.
   *
   * @param random the source of all choices
   * @return the bytes that are submitted, not changed afterwards
   */
  byte[] command(RandomGenerator random);

  /**
   * Makes a query.
   *
   * @param random the source of all choices
   * @return the bytes that are handed to the state machine's {@code query}; empty unless overridden
   */
  default byte[] query(RandomGenerator random) {
    return new byte[0];
  }
}
