package dev.quorate.raft.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.engine.message.Message;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many seeds: faults without limit, then healed, and everything must work again. */
class SeededSimulationTest {

  private static final int SEEDS = Integer.getInteger("quorate.sim.seeds", 1_000);
  private static final long FIRST_SEED = Long.getLong("quorate.sim.seed", 1);
  private static final long MILLI = SimCluster.MILLI;

  @Test
  void noSeedBreaksAnInvariantAndEveryGroupRecovers() {
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    Happened all =
        LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
            .parallel()
            .mapToObj(seed -> happensIn(seed, broken))
            .reduce(Happened.NOTHING, Happened::and);
    assertThat(broken).isEmpty();
    // A simulation in which nothing happens proves nothing.
    assertThat(all.commits).isGreaterThan(30L * SEEDS);
    assertThat(all.applied).isGreaterThan(20L * SEEDS);
    assertThat(all.reads).isGreaterThan(5L * SEEDS);
    assertThat(all.installs).isGreaterThan(SEEDS / 10);
    assertThat(all.beats).isGreaterThan(10L * SEEDS);
  }

  /**
   * Nothing any more once a seed is broken: one that can be replayed is worth more than hundreds.
   */
  private static Happened happensIn(long seed, Queue<String> broken) {
    if (!broken.isEmpty()) {
      return Happened.NOTHING;
    }
    try {
      return Happened.in(run(seed));
    } catch (AssertionError | RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      broken.add(
          "seed "
              + seed
              + ": "
              + trace
              + "\nreplay: ./mvnw -pl raft-engine -am test -Dtest=SeededSimulationTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.sim.seeds=1"
              + " -Dquorate.sim.seed="
              + seed);
      return Happened.NOTHING;
    }
  }

  private record Happened(long commits, long applied, long reads, long installs, long beats) {
    private static final Happened NOTHING = new Happened(0, 0, 0, 0, 0);

    private static Happened in(SimCluster cluster) {
      return new Happened(
          cluster.invariants().committedCount(),
          cluster.history().appliedCount(),
          cluster.history().readCount(),
          cluster.nodes().stream().mapToLong(node -> node.storage().disk().installs()).sum(),
          cluster.network().count(Message.HostBeat.class));
    }

    private Happened and(Happened other) {
      return new Happened(
          commits + other.commits,
          applied + other.applied,
          reads + other.reads,
          installs + other.installs,
          beats + other.beats);
    }
  }

  private static SimCluster run(long seed) {
    int[] sizes = {3, 5, 3, 5, 1, 2, 4, 7};
    SimCluster cluster = new SimCluster(sizes[(int) (seed % sizes.length)], 0, seed, seed % 3 == 0);
    RandomGenerator random = cluster.random();
    int loss = random.nextInt(3) * random.nextInt(15);
    cluster
        .network()
        .weather(loss, random.nextInt(2) * random.nextInt(20), MILLI << random.nextInt(7));
    if (random.nextInt(3) == 0) {
      cluster.network().bulkWeather(random.nextInt(80), random.nextLong(800 * MILLI) + 1);
    }
    int losses = random.nextInt(2) * random.nextInt(8);
    cluster.nodes().forEach(node -> node.storage().lossesPerThousandForces(losses));
    int crashes = random.nextInt(4);
    int cuts = random.nextInt(4);
    int closes = random.nextInt(3);
    int fills = random.nextInt(2) * random.nextInt(6);
    for (int step = 0; step < 200; step++) {
      cluster.run(random.nextLong(120 * MILLI));
      disturb(cluster, random, crashes, cuts);
      if (random.nextInt(60) < closes) {
        close(cluster.any());
      }
      fillDisks(cluster, random, fills);
      for (int i = random.nextInt(4); i > 0; i--) {
        cluster.submit(cluster.any());
      }
      SimNode reader = cluster.any();
      if (random.nextInt(3) == 0 && reader.isUp()) {
        reader.read();
      }
    }
    recover(cluster);
    cluster.history().judge(cluster.invariants());
    return cluster;
  }

  private static void disturb(SimCluster cluster, RandomGenerator random, int crashes, int cuts) {
    SimNode node = cluster.any();
    if (!node.isUp()) {
      if (random.nextInt(4) == 0) {
        node.start();
      }
    } else if (random.nextInt(60) < crashes) {
      node.crash();
    }
    if (random.nextInt(60) < cuts) {
      cluster.network().cut(cluster.any().id(), cluster.any().id());
    } else if (random.nextInt(60) < cuts) {
      SimNode alone = cluster.any();
      for (SimNode other : cluster.nodes()) {
        cluster.network().cut(alone.id(), other.id());
        cluster.network().cut(other.id(), alone.id());
      }
    } else if (random.nextInt(20) == 0) {
      cluster.network().heal();
    }
    if (random.nextInt(50) == 0) {
      cluster.leader().ifPresent(leader -> leader.transferTo(cluster.any().id()));
    }
  }

  private static void close(SimNode node) {
    if (node.isUp()) {
      node.close();
    }
  }

  /** Any number of disks may be full at a time, and have space again later. */
  private static void fillDisks(SimCluster cluster, RandomGenerator random, int fills) {
    if (random.nextInt(60) < fills) {
      cluster.any().space().fill(random.nextInt(3_000));
    } else if (random.nextInt(20) == 0) {
      cluster.any().space().free();
    }
  }

  /** Within ten election timeouts a leader, then a write and a read through every node. */
  private static void recover(SimCluster cluster) {
    cluster.network().heal();
    cluster.network().weather(0, 0, MILLI);
    cluster.network().bulkWeather(0, 1);
    cluster.nodes().forEach(SimNode::calmDown);
    Invariants.check(
        cluster.runUntil(
            5 * SimCluster.ELECTION_MAX,
            () -> cluster.nodes().stream().noneMatch(SimNode::isClosing)),
        "P19",
        () -> "not closed in time: " + cluster);
    for (SimNode node : cluster.nodes()) {
      node.space().free();
      if (!node.isUp()) {
        node.start();
      }
    }
    Invariants.check(
        cluster.runUntil(10 * SimCluster.ELECTION_MAX, () -> cluster.leader().isPresent()),
        "I18",
        () -> "no leader");
    // Late messages of the storm may still arrive.
    cluster.run(4_000 * MILLI);
    int applied = cluster.history().appliedCount();
    int reads = cluster.history().readCount();
    for (SimNode node : cluster.nodes()) {
      cluster.submit(node);
      node.read();
    }
    int size = cluster.nodes().size();
    Invariants.check(
        cluster.runUntil(
            10 * SimCluster.ELECTION_MAX,
            () ->
                cluster.isEven()
                    && cluster.history().appliedCount() >= applied + size
                    && cluster.history().readCount() >= reads + size),
        "I18",
        () -> "not even after healing: " + cluster);
  }
}
