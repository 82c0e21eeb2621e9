package dev.quorate.raft.engine.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A cluster in good weather, formed and even. */
final class CalmCluster {

  /** After that every call has ended. */
  static final long DEADLINE_PASSED = 1_000 * SimCluster.MILLI;

  private static final int SEEDS = Math.max(1, Integer.getInteger("quorate.sim.seeds", 1_000) / 10);
  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);
  private static final long PATIENCE = 10 * SimCluster.ELECTION_MAX;

  private final SimCluster cluster;
  private final Random random;

  /** Plays a scenario with a tenth of the seeds. */
  static void each(Consumer<CalmCluster> scenario) {
    each(SEEDS, false, scenario);
  }

  /** A fiftieth with a group that rests when nothing happens, which takes longer. */
  static void eachRestful(Consumer<CalmCluster> scenario) {
    each(Math.max(1, SEEDS / 5), true, scenario);
  }

  private static void each(int seeds, boolean restful, Consumer<CalmCluster> scenario) {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      try {
        scenario.accept(new CalmCluster(seed, restful));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private CalmCluster(long seed, boolean restful) {
    random = new Random(seed);
    cluster = new SimCluster(3 + 2 * random.nextInt(2), 0, seed, restful);
    cluster.nodes().forEach(SimNode::calmDown);
    cluster.nodes().forEach(node -> node.space().reserveWithoutEnd());
    becomes("a leader", () -> cluster.leader().isPresent());
    everybodyServes();
  }

  SimCluster cluster() {
    return cluster;
  }

  Random random() {
    return random;
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

  /** Whether all follow one leader, and have all that it has. */
  boolean isSettled() {
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
    Invariants.check(
        cluster.runUntil(PATIENCE, condition), "I18", () -> "not " + what + ": " + cluster);
  }
}
