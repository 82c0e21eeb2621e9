package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.network.ClientNetwork;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Nodes that join by addresses alone, where that is so in a run: the links by which they ask who
 * listens there, and that they come to wait at the leader in the end.
 */
final class Newcomers {

  private static final int BREAK_PERCENT = 10;

  private final RandomGenerator random;
  private final Optional<ClientNetwork> inquiries;

  Newcomers(
      Plan plan,
      Network network,
      Agenda agenda,
      Trace trace,
      Randomness randomness,
      Counters counters) {
    this.random = randomness.stream("contacts");
    int often = plan.disasters().of(Fault.BROKEN_INQUIRY);
    this.inquiries =
        often == 0
            ? Optional.empty()
            : Optional.of(
                new ClientNetwork(
                    network,
                    agenda,
                    randomness.stream("inquiries"),
                    trace,
                    BREAK_PERCENT * often,
                    () -> counters.count(Fault.BROKEN_INQUIRY)));
  }

  Optional<ClientNetwork> inquiries() {
    return inquiries;
  }

  /**
   * Everybody who is no member and has an empty disk is told the address of one member that works,
   * follower or leader, and must come to wait to be let in.
   */
  void prove(Cluster cluster, List<SimulatedNode> members, NeighbourProof.Time time, long nanos) {
    if (inquiries.isEmpty()) {
      return;
    }
    for (SimulatedNode node : cluster.outside()) {
      if (node.isUp()) {
        node.kill();
      }
      node.joinsBy(List.of(members.get(random.nextInt(members.size())).listed()));
      node.start();
      Violation.unless(
          time.passUntil(nanos, () -> isWaiting(node, cluster)),
          "I18",
          () -> node.id() + " asks where it may join, and never waits there" + cluster);
      node.kill();
    }
  }

  private static boolean isWaiting(SimulatedNode node, Cluster cluster) {
    return cluster
        .leader()
        .filter(
            leader ->
                leader.status().membership().waiting().stream()
                    .anyMatch(
                        it -> new MemberId(it.node(), it.incarnation()).equals(node.member())))
        .isPresent();
  }
}
