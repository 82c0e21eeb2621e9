package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Faults of one kind of thing, brought about one by one. Those that last as long as the storm (such
 * as the weather) are in no family.
 */
interface FaultFamily {

  /** Which faults. */
  Set<Fault> faults();

  /**
   * Brings one about.
   *
   * @param fault which
   * @param victim whom it is meant for; some concern others too, or do not mind
   * @param random of this fault alone
   * @return whether anything happened
   */
  boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random);
}
