package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Machines that move to another address, of which their operator tells the members, before or
 * after, until one of them has agreed.
 */
final class Moves implements FaultFamily {

  private static final int PORT = 7000;
  private static final long MILLI = 1_000_000;
  private static final long MAX_DOWN_NANOS = 300 * MILLI;
  private static final long MAX_SILENCE_NANOS = 2_000 * MILLI;

  private final Agenda agenda;
  private final Cluster cluster;
  private final Operator operator;
  private final BooleanSupplier over;
  private int moves;

  /**
   * The moves of a cluster's machines.
   *
   * @param over whether nothing is to happen any more
   */
  Moves(Agenda agenda, Cluster cluster, Operator operator, BooleanSupplier over) {
    this.agenda = agenda;
    this.cluster = cluster;
    this.operator = operator;
    this.over = over;
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.MOVED_ADDRESS);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    if (!cluster.mayMove(victim)) {
      return false;
    }
    moves++;
    victim.moveTo(new Address("elsewhere" + moves, PORT));
    if (random.nextBoolean()) {
      announce(random);
    }
    if (victim.isServing() && random.nextBoolean()) {
      victim.close();
    } else if (victim.isUp()) {
      victim.kill();
    }
    agenda.after(
        random.nextLong(MAX_DOWN_NANOS),
        () -> {
          if (!over.getAsBoolean() && !victim.isUp()) {
            victim.start();
          }
        });
    announceLater(random);
    return true;
  }

  /** Again and again, until all members are where the newest committed configuration says. */
  private void announceLater(RandomGenerator random) {
    agenda.after(
        random.nextLong(MAX_SILENCE_NANOS),
        () -> {
          if (!over.getAsBoolean() && !cluster.moved().isEmpty()) {
            announce(random);
            announceLater(random);
          }
        });
  }

  private void announce(RandomGenerator random) {
    List<SimulatedNode> moved = cluster.moved();
    SimulatedNode asked = cluster.leader().orElse(cluster.any(random));
    if (asked.isServing() && !moved.isEmpty()) {
      operator.announce(asked, moved);
    }
  }
}
