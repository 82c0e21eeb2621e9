package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.network.Weather;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.simulation.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Brings about a run's disasters. Every fault comes again and again, at times and places drawn from
 * a stream of its own, until {@link #rest}.
 */
final class Nemesis {

  private static final long MILLI = 1_000_000;
  private static final long MEAN_NANOS = 2_000 * MILLI;
  private static final int MAX_DRIFT = 100_000;
  private static final long MAX_STEP_MILLIS = 100_000_000_000L;

  private final Disasters disasters;
  private final Randomness randomness;
  private final Agenda agenda;
  private final Trace trace;
  private final Network network;
  private final Cluster cluster;
  private final Counters counters;
  private boolean resting;

  Nemesis(
      Disasters disasters,
      Randomness randomness,
      Agenda agenda,
      Trace trace,
      Network network,
      Cluster cluster,
      Counters counters) {
    this.disasters = disasters;
    this.randomness = randomness;
    this.agenda = agenda;
    this.trace = trace;
    this.network = network;
    this.cluster = cluster;
    this.counters = counters;
  }

  /** Begins. */
  void begin() {
    weather();
    for (SimulatedNode node : cluster.nodes()) {
      RandomGenerator random = randomness.stream("disk " + node.id());
      node.trouble(new DiskTrouble(disasters, random, counters));
      int late = disasters.of(Fault.LATE_TURNS);
      if (late > 0) {
        counters.count(Fault.LATE_TURNS);
        node.lateness(2 * late, 300 * late * MILLI);
      }
    }
    for (Fault fault : disasters.intensities().keySet()) {
      RandomGenerator random = randomness.stream(fault.name());
      again(fault, random);
    }
    revive(randomness.stream("revival"));
  }

  /** Ends: no disaster strikes any more; what they left stays. */
  void rest() {
    resting = true;
  }

  private void again(Fault fault, RandomGenerator random) {
    long mean = MEAN_NANOS * rarity(fault) / disasters.of(fault);
    agenda.after(
        random.nextLong(2 * mean),
        () -> {
          if (!resting) {
            strike(fault, random);
            again(fault, random);
          }
        });
  }

  private static int rarity(Fault fault) {
    return switch (fault) {
      case POWER_LOSS_OF_ALL -> 3;
      case WIPED_DISK, BIT_FLIP -> 8;
      case FULL_DISK, WALL_CLOCK_STEP, CLOCK_DRIFT -> 2;
      default -> 1;
    };
  }

  private void weather() {
    RandomGenerator random = randomness.stream("weather");
    int loss = 1 + random.nextInt(10);
    int repetition = 1 + random.nextInt(10);
    int late = 1 + random.nextInt(4);
    int delay = random.nextInt(6);
    int bulkLoss = 1 + random.nextInt(25);
    long bulkDelay = 1 + random.nextLong(250 * MILLI);
    network.weather(
        new Weather(
            loss * disasters.of(Fault.FRAME_LOSS),
            repetition * disasters.of(Fault.FRAME_REPETITION),
            late * disasters.of(Fault.LATE_FRAMES),
            disasters.of(Fault.FRAME_DELAY) > 0 ? 2 * MILLI << delay : MILLI,
            bulkLoss * disasters.of(Fault.SLOW_BULK),
            1 + bulkDelay * disasters.of(Fault.SLOW_BULK)));
    for (Fault fault :
        List.of(
            Fault.FRAME_LOSS,
            Fault.FRAME_REPETITION,
            Fault.FRAME_DELAY,
            Fault.LATE_FRAMES,
            Fault.SLOW_BULK)) {
      if (disasters.of(fault) > 0) {
        counters.count(fault);
      }
    }
  }

  /** Processes that ended are started again after a while, unless the disasters are over. */
  private void revive(RandomGenerator random) {
    agenda.after(
        random.nextLong(600 * MILLI),
        () -> {
          if (resting) {
            return;
          }
          SimulatedNode node = cluster.any(random);
          if (!node.isUp() || node.isBroken()) {
            if (node.isUp()) {
              node.kill();
            }
            node.start();
          }
          if (random.nextInt(4) == 0) {
            network.heal();
          }
          revive(random);
        });
  }

  private void strike(Fault fault, RandomGenerator random) {
    SimulatedNode node = victim(random);
    boolean struck =
        switch (fault) {
          case PARTITION -> partition(random);
          case ONE_WAY_CUT -> cut(node.id(), cluster.any(random).id());
          case ISOLATION -> isolate(node.id());
          case BRIDGE -> bridge(random);
          case KILL -> node.isUp() && did(node::kill);
          case POWER_LOSS -> did(node::losePower);
          case POWER_LOSS_OF_ALL -> blackout(random);
          case CLOSE -> node.isServing() && did(node::close);
          case PAUSE -> node.isUp() && did(() -> node.pause(MILLI << random.nextInt(13)));
          case CLOCK_DRIFT ->
              did(() -> node.clock().drift(random.nextInt(2 * MAX_DRIFT) - MAX_DRIFT));
          case WALL_CLOCK_STEP ->
              did(
                  () ->
                      node.clock()
                          .stepWall(random.nextLong(2 * MAX_STEP_MILLIS) - MAX_STEP_MILLIS));
          case FULL_DISK -> fill(node, random);
          case WIPED_DISK -> cluster.mayDamage() && !node.isDamaged() && did(node::wipe);
          case BIT_FLIP -> cluster.mayDamage() && !node.isDamaged() && node.flipBit(random);
          case TRANSFER -> transfer(cluster.any(random).id());
          default -> false;
        };
    if (struck) {
      counters.count(fault);
      trace.add(Event.FAULT, node.id(), fault.ordinal(), 0, fault);
    }
  }

  /** Every second time the leader, because most goes wrong when leaders change. */
  private SimulatedNode victim(RandomGenerator random) {
    SimulatedNode any = cluster.any(random);
    return random.nextBoolean() ? cluster.leader().orElse(any) : any;
  }

  private static boolean did(Runnable action) {
    action.run();
    return true;
  }

  private boolean cut(NodeId from, NodeId to) {
    network.cut(from, to);
    return true;
  }

  private void cutBoth(NodeId one, NodeId other) {
    network.cut(one, other);
    network.cut(other, one);
  }

  private boolean isolate(NodeId alone) {
    cluster.ids().forEach(other -> cutBoth(alone, other));
    return true;
  }

  private List<NodeId> shuffled(RandomGenerator random) {
    List<NodeId> ids = new ArrayList<>(cluster.ids());
    for (int i = ids.size() - 1; i > 0; i--) {
      Collections.swap(ids, i, random.nextInt(i + 1));
    }
    return ids;
  }

  private boolean partition(RandomGenerator random) {
    return split(shuffled(random), 0, random);
  }

  /** The first of the shuffled nodes belongs to both sides. */
  private boolean bridge(RandomGenerator random) {
    return split(shuffled(random), 1, random);
  }

  private boolean split(List<NodeId> ids, int begin, RandomGenerator random) {
    if (ids.size() < begin + 2) {
      return false;
    }
    int middle = begin + random.nextInt(ids.size() - begin);
    for (NodeId left : ids.subList(begin, middle)) {
      for (NodeId right : ids.subList(middle, ids.size())) {
        cutBoth(left, right);
      }
    }
    return middle > begin;
  }

  /** The power of all goes, and comes back to all at about the same time. */
  private boolean blackout(RandomGenerator random) {
    for (SimulatedNode node : cluster.nodes()) {
      node.losePower();
      agenda.after(random.nextLong(500 * MILLI), () -> startUnlessUp(node));
    }
    return true;
  }

  private void startUnlessUp(SimulatedNode node) {
    if (!resting && !node.isUp()) {
      node.start();
    }
  }

  private boolean fill(SimulatedNode node, RandomGenerator random) {
    node.fill(random.nextLong(100_000));
    agenda.after(random.nextLong(4_000 * MILLI), node::makeRoom);
    return true;
  }

  private boolean transfer(NodeId target) {
    cluster.leader().ifPresent(leader -> leader.transferTo(target, Duration.ofSeconds(1)));
    return cluster.leader().isPresent();
  }
}
