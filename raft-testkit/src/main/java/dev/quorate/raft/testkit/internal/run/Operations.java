package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.network.Network;
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

  private final Network network;
  private final Cluster cluster;
  private final Callers callers;

  Operations(Network network, Cluster cluster, Callers callers) {
    this.network = network;
    this.cluster = cluster;
    this.callers = callers;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.TRANSFER, Fault.DEAF_TRANSFER, Fault.LONELY_LEADER, Fault.SNAPSHOT);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    if (fault == Fault.SNAPSHOT) {
      return snapshot(victim);
    }
    SimulatedNode target = cluster.any(random);
    Optional<SimulatedNode> leader = cluster.leader();
    leader.ifPresent(node -> strikeLeader(fault, node, target.id()));
    return leader.isPresent();
  }

  private void strikeLeader(Fault fault, SimulatedNode leader, NodeId target) {
    if (fault == Fault.LONELY_LEADER) {
      cluster.ids().forEach(other -> network.cut(leader.id(), other));
      callers.burst(leader);
    } else {
      leader.transferTo(target, DEADLINE);
    }
    if (fault != Fault.TRANSFER) {
      cluster.ids().forEach(other -> network.cut(other, leader.id()));
    }
  }

  private static boolean snapshot(SimulatedNode node) {
    boolean asked = node.isServing();
    if (asked) {
      node.takeSnapshot(DEADLINE);
    }
    return asked;
  }
}
