package dev.quorate.raft.engine.sim;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule P19 on whole nodes. */
class CloseSimulationTest {

  /** Sooner than anybody could have missed the old leader. */
  private static final long NO_TIMEOUT = 200 * SimCluster.MILLI;

  @Test
  void whoeverIsClosedAsALeaderHasASuccessorAtOnce() {
    CalmCluster.each(
        calm -> {
          SimCluster cluster = calm.cluster();
          SimNode leader = cluster.leader().orElseThrow();
          List<SimNode> others = calm.without(List.of(leader));
          cluster.submit(leader);
          leader.close();
          Invariants.check(
              cluster.runUntil(NO_TIMEOUT, () -> !leader.isUp() && calm.leads(others)),
              "P19",
              () -> "no successor yet: " + cluster);
          leader.start();
          calm.everybodyServes();
        });
  }

  @Test
  void whereNobodyAnswersClosingDoesNotWaitForIt() {
    CalmCluster.each(
        calm -> {
          SimCluster cluster = calm.cluster();
          SimNode leader = cluster.leader().orElseThrow();
          calm.without(List.of(leader)).forEach(SimNode::crash);
          cluster.submit(leader);
          leader.close();
          Invariants.check(
              cluster.runUntil(SimCluster.ELECTION_MAX + NO_TIMEOUT, () -> !leader.isUp()),
              "P19",
              () -> "not closed: " + cluster);
          cluster.nodes().forEach(SimNode::start);
          calm.everybodyServes();
        });
  }
}
