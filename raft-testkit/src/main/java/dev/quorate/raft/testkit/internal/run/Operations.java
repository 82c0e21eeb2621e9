package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.simulation.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What an operator asks of a cluster at the wrong moment. */
final class Operations implements FaultFamily {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final Cluster cluster;

  Operations(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.TRANSFER, Fault.SNAPSHOT);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    if (fault == Fault.SNAPSHOT) {
      return snapshot(victim);
    }
    SimulatedNode target = cluster.any(random);
    Optional<SimulatedNode> leader = cluster.leader();
    leader.ifPresent(node -> node.transferTo(target.id(), DEADLINE));
    return leader.isPresent();
  }

  private static boolean snapshot(SimulatedNode node) {
    boolean asked = node.isServing();
    if (asked) {
      node.takeSnapshot(DEADLINE);
    }
    return asked;
  }
}
