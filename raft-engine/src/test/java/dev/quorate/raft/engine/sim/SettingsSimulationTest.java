package dev.quorate.raft.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.Role;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Many seeds: leases are switched on and off by whoever is asked, in bad weather and with crashes,
 * while everybody reads by them (rules P9 and P12). No read sees less than was known before.
 */
class SettingsSimulationTest {

  private static final int SEEDS = Math.max(1, Integer.getInteger("quorate.sim.seeds", 1_000) / 50);
  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);
  private static final long MILLI = SimCluster.MILLI;
  private static final int STEPS = 150;

  @Test
  void noSwitchOfLeasesBreaksAReadAndNoVersionIsSetTwice() {
    long switches = 0;
    int reads = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        SimCluster cluster = run(seed);
        switches += cluster.history().settingsCount();
        reads += cluster.history().readCount();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + ": "
                + e.getMessage()
                + "\nreplay: ./mvnw -pl raft-engine -am test -Dtest=SettingsSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.sim.seeds=1"
                + " -Dquorate.sim.seed="
                + seed,
            e);
      }
    }
    // A simulation in which nothing happens proves nothing.
    assertThat(switches).as("switches").isGreaterThan(3L * SEEDS);
    assertThat(reads).as("reads").isGreaterThan(30 * SEEDS);
  }

  private static SimCluster run(long seed) {
    SimCluster cluster = new SimCluster(seed % 2 == 0 ? 3 : 5, seed);
    RandomGenerator random = cluster.random();
    cluster.network().weather(random.nextInt(12), random.nextInt(12), MILLI << random.nextInt(6));
    int crashes = random.nextInt(5);
    int cuts = random.nextInt(5);
    for (int step = 0; step < STEPS; step++) {
      cluster.run(random.nextLong(80 * MILLI));
      disturb(cluster, random, crashes, cuts);
      cluster.submit(cluster.any());
      if (random.nextInt(4) == 0) {
        switchLeases(cluster.any());
      }
      readByLease(cluster.any());
      cluster.nodes().stream().filter(SettingsSimulationTest::leads).forEach(SimNode::readByLease);
    }
    cluster.network().heal();
    cluster.network().weather(0, 0, MILLI);
    cluster.nodes().forEach(SimNode::calmDown);
    cluster.nodes().stream().filter(node -> !node.isUp()).forEach(SimNode::start);
    Invariants.check(
        cluster.runUntil(20 * SimCluster.ELECTION_MAX, () -> areEven(cluster)),
        "P12",
        () -> "the settings are not even: " + cluster);
    cluster.history().judge(cluster.invariants());
    return cluster;
  }

  private static void disturb(SimCluster cluster, RandomGenerator random, int crashes, int cuts) {
    SimNode node = cluster.any();
    if (!node.isUp()) {
      node.start();
    } else if (random.nextInt(60) < crashes) {
      node.crash();
      if (random.nextBoolean()) {
        node.start();
      }
    }
    if (random.nextInt(60) < cuts) {
      SimNode alone = cluster.leader().orElseGet(cluster::any);
      for (SimNode other : cluster.nodes()) {
        cluster.network().cut(alone.id(), other.id());
        cluster.network().cut(other.id(), alone.id());
      }
    } else if (random.nextInt(12) == 0) {
      cluster.network().heal();
    }
    if (random.nextInt(30) == 0) {
      cluster.leader().ifPresent(leader -> leader.transferTo(cluster.any().id()));
    }
  }

  /** Whoever believes to lead, the deposed too. */
  private static boolean leads(SimNode node) {
    return node.isUp() && node.status().role() == Role.LEADER;
  }

  private static void readByLease(SimNode node) {
    if (node.isUp()) {
      node.readByLease();
    }
  }

  private static void switchLeases(SimNode asked) {
    if (asked.isUp()) {
      asked
          .status()
          .settings()
          .ifPresent(present -> asked.changeSettings(present.withLease(!present.lease())));
    }
  }

  private static boolean areEven(SimCluster cluster) {
    return cluster.leader().isPresent()
        && cluster.isEven()
        && cluster.nodes().stream()
                .map(node -> node.status().settings().map(GroupSettings::version).orElse(0L))
                .distinct()
                .count()
            == 1;
  }
}
