package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rule P5 on whole nodes: what a node without space still does, and what it leaves to others. */
@Tag("pitfall-50")
class FullDiskSimulationTest {

  @Test
  void aMinorityWithoutSpaceVotesAndAcknowledgesAndDoesNotLead() {
    CalmCluster.each(
        calm -> {
          List<SimNode> full = calm.minority();
          List<SimNode> roomy = calm.without(full);
          calm.fill(full);
          // All follow it: a full node that handed over and has not heard of the new leader yet
          // would
          // be the leader again when that crashes.
          calm.becomes("somebody with space leading", () -> calm.leads(roomy) && calm.isSettled());
          // Of those with space only so many stay that nothing goes without the full ones.
          List<SimNode> crashed = new ArrayList<>(List.of(calm.cluster().leader().orElseThrow()));
          for (SimNode node : roomy) {
            if (crashed.size() < (calm.size() - 1) / 2 && !crashed.contains(node)) {
              crashed.add(node);
            }
          }
          crashed.forEach(SimNode::crash);
          calm.becomes(
              "another with space leading",
              () -> {
                Invariants.check(!calm.leads(full), "P5", () -> "somebody without space leads");
                return calm.leads(roomy);
              });
          calm.answersARead(calm.cluster().leader().orElseThrow());
          crashed.forEach(SimNode::start);
          full.forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  @Test
  void whereAllAreFullTheLeaderStaysAndAnswersReads() {
    CalmCluster.each(
        calm -> {
          calm.fill(calm.cluster().nodes());
          SimNode leader = calm.cluster().leader().orElseThrow();
          long term = leader.status().term();
          calm.cluster().run(CalmCluster.DEADLINE_PASSED);
          int applied = calm.cluster().history().appliedCount();
          calm.cluster().nodes().forEach(calm.cluster()::submit);
          calm.cluster().run(CalmCluster.DEADLINE_PASSED);
          Invariants.check(
              calm.cluster().history().appliedCount() == applied,
              "P5",
              () -> "a command found room");
          calm.cluster().nodes().forEach(calm::answersARead);
          Invariants.check(
              leader.status().role() == Role.LEADER && leader.status().term() == term,
              "P5",
              () -> "the leader did not stay");
          calm.cluster().nodes().forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  /** Who is left cannot write, but answer reads, and its members can be changed. */
  @Test
  void whereAllAreFullAndTheLeaderCrashesAnotherAnswersReads() {
    CalmCluster.each(
        calm -> {
          calm.fill(calm.cluster().nodes());
          SimNode crashed = calm.cluster().leader().orElseThrow();
          crashed.crash();
          List<SimNode> left = calm.without(List.of(crashed));
          calm.becomes("another leading", () -> calm.leads(left));
          left.forEach(calm::answersARead);
          crashed.start();
          calm.cluster().nodes().forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  /** Under load, so that entries are on their way when space ends. */
  @Test
  void aMinorityWhoseSpaceEndsUnderLoadDoesNotHoldUpTheOthers() {
    CalmCluster.each(
        calm -> {
          List<SimNode> full = calm.minority();
          full.forEach(node -> node.space().fill(calm.random().nextInt(2_000)));
          int applied = calm.cluster().history().appliedCount();
          for (int i = 0; i < 100; i++) {
            calm.cluster().submit(calm.cluster().any());
            calm.cluster().run(calm.random().nextInt(40) * SimCluster.MILLI);
          }
          calm.becomes(
              "commands being applied",
              () -> calm.cluster().history().appliedCount() >= applied + 50);
          calm.becomes("somebody with space leading", () -> calm.leads(calm.without(full)));
          full.forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }
}
