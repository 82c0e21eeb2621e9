package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.testkit.internal.node.MachineVersion;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Another version of the product on one machine, a newer one or again an older one; or a newer one
 * on all, one after the other under load (rule P18).
 */
final class VersionChanges implements FaultFamily {

  private static final long MILLI = 1_000_000;
  private static final long MAX_PAUSE_NANOS = 800 * MILLI;
  private static final long MAX_DOWN_NANOS = 300 * MILLI;

  private final Agenda agenda;
  private final Cluster cluster;
  private final BooleanSupplier over;

  /**
   * The versions of a cluster's machines.
   *
   * @param over whether nothing is to happen any more
   */
  VersionChanges(Agenda agenda, Cluster cluster, BooleanSupplier over) {
    this.agenda = agenda;
    this.cluster = cluster;
    this.over = over;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.VERSION_CHANGE);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    int installed = victim.version().installed();
    return switch (random.nextInt(4)) {
      case 0 -> installed > FeatureLevel.FIRST && change(victim, installed - 1, random);
      case 1 -> roll(random);
      default -> installed < MachineVersion.NEWEST_LEVEL && change(victim, installed + 1, random);
    };
  }

  /** Every machine comes to one level more than the lowest has. */
  private boolean roll(RandomGenerator random) {
    int lowest = cluster.nodes().stream().mapToInt(it -> it.version().installed()).min().orElse(0);
    if (lowest < MachineVersion.NEWEST_LEVEL) {
      roll(cluster.nodes(), lowest + 1, random);
    }
    return lowest < MachineVersion.NEWEST_LEVEL;
  }

  private void roll(List<SimulatedNode> nodes, int level, RandomGenerator random) {
    SimulatedNode first = nodes.get(0);
    if (first.version().installed() < level) {
      change(first, level, random);
    }
    if (nodes.size() > 1) {
      agenda.after(
          random.nextLong(MAX_PAUSE_NANOS),
          () -> {
            if (!over.getAsBoolean()) {
              roll(nodes.subList(1, nodes.size()), level, random);
            }
          });
    }
  }

  /** Its process is closed in order, or killed, and a moment later another version is started. */
  private boolean change(SimulatedNode node, int level, RandomGenerator random) {
    boolean inOrder = random.nextBoolean();
    node.version().install(level);
    if (node.isServing() && inOrder) {
      node.close();
    } else if (node.isUp()) {
      node.kill();
    }
    agenda.after(
        random.nextLong(MAX_DOWN_NANOS),
        () -> {
          if (!over.getAsBoolean() && !node.isUp()) {
            node.start();
          }
        });
    return true;
  }

  /** Where all members are healed their group comes to the level that they all support (P18). */
  static void demandLevel(
      Cluster cluster, List<SimulatedNode> members, NeighbourProof.Time time, long nanos) {
    SimulatedNode leader = cluster.leader().orElseThrow();
    int lowest = lowest(members);
    boolean areAll = leader.status().membership().members().size() == members.size();
    Violation.unless(
        !areAll
            || time.passUntil(
                nanos,
                () ->
                    members.stream()
                        .allMatch(it -> it.status().membership().featureLevel() == lowest)),
        "P18",
        () -> "the group does not come to feature level " + lowest + cluster);
  }

  /** The level that a group of these members must come to. */
  private static int lowest(List<SimulatedNode> members) {
    return members.stream().mapToInt(it -> it.version().running()).min().orElseThrow();
  }
}
