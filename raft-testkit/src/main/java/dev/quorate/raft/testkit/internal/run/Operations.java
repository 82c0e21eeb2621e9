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

  private final Cluster cluster;

  Operations(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.TRANSFER);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    SimulatedNode target = cluster.any(random);
    Optional<SimulatedNode> leader = cluster.leader();
    leader.ifPresent(node -> node.transferTo(target.id(), Duration.ofSeconds(1)));
    return leader.isPresent();
  }
}
