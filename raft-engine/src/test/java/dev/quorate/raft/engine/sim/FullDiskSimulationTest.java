package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Rule P5 on whole nodes: what a node without space still does, and what it leaves to others. */
class FullDiskSimulationTest {

  private static final int SEEDS = Integer.getInteger("quorate.sim.seeds", 1_000) / 10;
  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);
  private static final long PATIENCE = 10 * SimCluster.ELECTION_MAX;
  private static final long DEADLINE_PASSED = 1_000 * SimCluster.MILLI;

  private static void each(Consumer<Calm> scenario) {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        scenario.accept(new Calm(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void aMinorityWithoutSpaceVotesAndAcknowledgesAndDoesNotLead() {
    each(
        calm -> {
          List<SimNode> full = calm.minority();
          List<SimNode> roomy = calm.without(full);
          calm.fill(full);
          calm.becomes("somebody with space leading", () -> calm.leads(roomy));
          // Of those with space only so many stay that nothing goes without the full ones.
          List<SimNode> crashed = new ArrayList<>(List.of(calm.cluster.leader().orElseThrow()));
          for (SimNode node : roomy) {
            if (crashed.size() < (calm.size() - 1) / 2 && !crashed.contains(node)) {
              crashed.add(node);
            }
          }
          crashed.forEach(SimNode::crash);
          calm.becomes(
              "another with space leading",
              () -> {
                Invariants.check(!calm.leads(full), "P5", "somebody without space leads");
                return calm.leads(roomy);
              });
          calm.answersARead(calm.cluster.leader().orElseThrow());
          crashed.forEach(SimNode::start);
          full.forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  @Test
  void whereAllAreFullTheLeaderStaysAndAnswersReads() {
    each(
        calm -> {
          calm.fill(calm.cluster.nodes());
          SimNode leader = calm.cluster.leader().orElseThrow();
          long term = leader.status().term();
          calm.cluster.run(DEADLINE_PASSED);
          int applied = calm.cluster.history().appliedCount();
          calm.cluster.nodes().forEach(calm.cluster::submit);
          calm.cluster.run(DEADLINE_PASSED);
          Invariants.check(
              calm.cluster.history().appliedCount() == applied, "P5", "a command found room");
          calm.cluster.nodes().forEach(calm::answersARead);
          Invariants.check(
              leader.status().role() == Role.LEADER && leader.status().term() == term,
              "P5",
              "the leader did not stay");
          calm.cluster.nodes().forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  /** Under load, so that entries are on their way when space ends. */
  @Test
  void aMinorityWhoseSpaceEndsUnderLoadDoesNotHoldUpTheOthers() {
    each(
        calm -> {
          List<SimNode> full = calm.minority();
          full.forEach(node -> node.space().fill(calm.random.nextInt(2_000)));
          int applied = calm.cluster.history().appliedCount();
          for (int i = 0; i < 100; i++) {
            calm.cluster.submit(calm.cluster.any());
            calm.cluster.run(calm.random.nextInt(40) * SimCluster.MILLI);
          }
          calm.becomes(
              "commands being applied",
              () -> calm.cluster.history().appliedCount() >= applied + 50);
          calm.becomes("somebody with space leading", () -> calm.leads(calm.without(full)));
          full.forEach(node -> node.space().free());
          calm.everybodyServes();
        });
  }

  /** A cluster in good weather, formed and even. */
  private static final class Calm {

    private final SimCluster cluster;
    private final Random random;

    Calm(long seed) {
      random = new Random(seed);
      cluster = new SimCluster(3 + 2 * random.nextInt(2), seed);
      cluster.nodes().forEach(SimNode::calmDown);
      cluster.nodes().forEach(node -> node.space().reserveWithoutEnd());
      becomes("a leader", () -> cluster.leader().isPresent());
      everybodyServes();
    }

    int size() {
      return cluster.nodes().size();
    }

    List<SimNode> minority() {
      List<SimNode> shuffled = new ArrayList<>(cluster.nodes());
      Collections.shuffle(shuffled, random);
      return shuffled.subList(0, (size() - 1) / 2);
    }

    List<SimNode> without(List<SimNode> some) {
      return cluster.nodes().stream().filter(node -> !some.contains(node)).toList();
    }

    boolean leads(List<SimNode> some) {
      Optional<SimNode> leader = cluster.leader();
      return leader.isPresent() && some.contains(leader.get()) && leader.get().isUp();
    }

    /** Space ends. That shows at the next write, which still has room everywhere. */
    void fill(List<SimNode> some) {
      some.forEach(node -> node.space().fill(0));
      cluster.submit(cluster.nodes().get(0));
      becomes(
          "all knowing that they are full",
          () -> some.stream().allMatch(node -> node.space().isKnownToBeOut()));
      becomes("a leader that all follow", this::isSettled);
    }

    private boolean isSettled() {
      return cluster.leader().isPresent()
          && cluster.isEven()
          && cluster.nodes().stream()
              .allMatch(
                  node ->
                      node.status().leader().equals(Optional.of(cluster.leader().get().id()))
                          && node.status().commitIndex() == node.status().lastIndex());
    }

    void answersARead(SimNode node) {
      int reads = cluster.history().readCount();
      node.read();
      becomes("a read being answered", () -> cluster.history().readCount() > reads);
    }

    void everybodyServes() {
      becomes("a leader", () -> cluster.leader().isPresent());
      cluster.run(DEADLINE_PASSED);
      int applied = cluster.history().appliedCount();
      cluster.nodes().forEach(cluster::submit);
      becomes(
          "everybody serving",
          () -> cluster.isEven() && cluster.history().appliedCount() >= applied + size());
    }

    void becomes(String what, BooleanSupplier condition) {
      Invariants.check(cluster.runUntil(PATIENCE, condition), "P5", "not " + what + ": " + cluster);
    }
  }
}
