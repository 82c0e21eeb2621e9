package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.Milestone;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Brings about a run's disasters. Every fault comes again and again until {@link #rest}, each with
 * a stream of randomness of its own: at any time, or in ambush, when a node has just been elected
 * or started; and sometimes another one follows on its heels, because most bugs need two.
 */
final class Nemesis {

  private static final Fault[] ALL = Fault.values();

  /** How many the next fault is drawn from: always so many, whatever there is. */
  private static final int DRAWN_FROM = 64;

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long MEAN_NANOS = 2_000 * MILLI;

  /** After these a leader may not know that it is none any more. */
  private static final Set<Fault> MISLEADING =
      EnumSet.of(Fault.ONE_WAY_ISOLATION, Fault.DEAF_TRANSFER, Fault.LONELY_LEADER);

  /** These may come to nothing. */
  private static final Set<Fault> COUNTED_WHERE_FELT =
      EnumSet.of(
          Fault.FAILING_APPLY, Fault.NARROW_LINK, Fault.CONNECTION_RESET, Fault.CUT_TRANSFER);

  private final Disasters disasters;
  private final Randomness randomness;
  private final Agenda agenda;
  private final Trace trace;
  private final Network network;
  private final Cluster cluster;
  private final Callers callers;
  private final Counters counters;
  private final Map<Fault, FaultFamily> families = new EnumMap<>(Fault.class);
  private final Map<Fault, RandomGenerator> streams = new EnumMap<>(Fault.class);
  private final Map<Milestone, List<Fault>> ambushes = new EnumMap<>(Milestone.class);
  private boolean resting;

  Nemesis(
      Disasters disasters,
      Randomness randomness,
      Agenda agenda,
      Trace trace,
      Network network,
      Cluster cluster,
      Operator operator,
      OutsideClients outsideClients,
      Callers callers,
      Neighbours neighbours,
      Counters counters) {
    this.disasters = disasters;
    this.randomness = randomness;
    this.agenda = agenda;
    this.trace = trace;
    this.network = network;
    this.cluster = cluster;
    this.callers = callers;
    this.counters = counters;
    List<FaultFamily> all =
        List.of(
            new NetworkFaults(network, cluster),
            new MachineFaults(agenda, cluster, () -> resting),
            new VersionChanges(agenda, cluster, () -> resting),
            new Moves(agenda, cluster, operator, () -> resting),
            new DiskFaults(agenda, cluster),
            new Operations(network, cluster, callers),
            operator,
            neighbours,
            outsideClients);
    for (FaultFamily family : all) {
      family.faults().forEach(fault -> families.put(fault, family));
    }
  }

  /** Begins. */
  void begin() {
    network.weather(NetworkFaults.weather(disasters, randomness.stream("weather")));
    network.remember(disasters.of(Fault.OLD_FRAMES) > 0);
    network.addressed(disasters.of(Fault.MOVED_ADDRESS) > 0);
    for (SimulatedNode node : cluster.nodes()) {
      RandomGenerator random = randomness.stream("disk " + node.id());
      node.trouble(new DiskTrouble(disasters, random, counters));
      node.watch(milestone -> reached(milestone, node));
      int late = disasters.of(Fault.LATE_TURNS);
      if (late > 0) {
        node.lateness(2 * late, 300 * late * MILLI);
      }
      if (disasters.of(Fault.ORDINARY_DRIFT) > 0) {
        node.clock().drift(MachineFaults.ordinaryDrift(randomness.stream("clock " + node.id())));
        counters.count(Fault.ORDINARY_DRIFT);
      }
    }
    for (Fault fault : disasters.intensities().keySet()) {
      if (families.containsKey(fault)) {
        streams.put(fault, randomness.stream(fault.name()));
        again(fault);
      }
    }
    revive(randomness.stream("revival"));
  }

  /** Ends: no disaster strikes any more; what they left stays. */
  void rest() {
    resting = true;
  }

  private void again(Fault fault) {
    RandomGenerator random = streams.get(fault);
    long mean = MEAN_NANOS * disasters.rarity() * rarity(fault) / disasters.of(fault);
    int way = random.nextInt(6);
    agenda.after(
        random.nextLong(2 * mean),
        () -> {
          if (resting) {
            return;
          }
          if (way < Milestone.values().length) {
            ambushes
                .computeIfAbsent(Milestone.values()[way], milestone -> new ArrayList<>())
                .add(fault);
          } else {
            strike(fault, victim(random));
          }
          again(fault);
        });
  }

  private static int rarity(Fault fault) {
    return switch (fault) {
      case POWER_LOSS_OF_ALL -> 3;
      case LONG_PAUSE -> 6;
      case WIPED_DISK, BIT_FLIP, UNREADABLE_SECTOR, LYING_FORCE, LOST_WRITE, MISDIRECTED_WRITE -> 8;
      case FULL_DISK,
          READ_ONLY_DISK,
          CRASH_LOOP,
          WALL_CLOCK_STEP,
          CLOCK_DRIFT,
          BROKEN_CLOCK,
          REMOVE_GROUP ->
          2;
      default -> Operator.CHANGES.contains(fault) ? 2 : 1;
    };
  }

  /** Every second time the leader, because most goes wrong when leaders change. */
  private SimulatedNode victim(RandomGenerator random) {
    SimulatedNode any = cluster.any(random);
    return random.nextBoolean() ? cluster.leader().orElse(any) : any;
  }

  /** Springs an ambush at a node, if one was laid. */
  private void reached(Milestone milestone, SimulatedNode node) {
    List<Fault> laid = ambushes.getOrDefault(milestone, List.of());
    if (!resting && !laid.isEmpty()) {
      later(laid.remove(0), node, 13);
    }
  }

  /** A moment later: after ten microseconds, or any power of two times as long. */
  private void later(Fault fault, SimulatedNode node, int powers) {
    long moment = 10 * MICRO << streams.get(fault).nextInt(powers);
    agenda.after(
        moment,
        () -> {
          if (!resting) {
            strike(fault, node);
          }
        });
  }

  private void strike(Fault fault, SimulatedNode node) {
    RandomGenerator random = streams.get(fault);
    // Not from all that there are, so that another kind of fault changes no run without it.
    int next = random.nextInt(DRAWN_FROM);
    boolean follows = next < ALL.length && streams.containsKey(ALL[next]);
    if (MISLEADING.contains(fault)) {
      cluster.leader().ifPresent(callers::watch);
    }
    if (families.get(fault).strike(fault, node, random)) {
      if (!COUNTED_WHERE_FELT.contains(fault)) {
        counters.count(fault);
      }
      trace.add(Event.FAULT, node.id(), fault.ordinal(), 0, fault);
      if (follows) {
        later(ALL[next], node, 16);
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
            if (node.isOutdated()) {
              node.version().installHighest();
            }
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
}
