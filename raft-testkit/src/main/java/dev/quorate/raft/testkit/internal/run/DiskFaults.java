package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What becomes of whole disks, of what lies on them, and of what they say. Those that destroy data
 * strike a minority of the nodes at most.
 */
final class DiskFaults implements FaultFamily {

  private static final long MILLI = 1_000_000;

  /** Little against what a node writes in some seconds; a file system gives out whole pages. */
  private static final long MAX_ROOM = 3 * 4_096;

  /** Faults that a force hides: it says that all is well. */
  static final Map<Fault, DiskFault> LIES =
      new EnumMap<>(
          Map.of(
              Fault.LYING_FORCE, DiskFault.LYING_FORCE,
              Fault.LOST_WRITE, DiskFault.LOST_WRITE,
              Fault.MISDIRECTED_WRITE, DiskFault.MISDIRECTED_WRITE));

  /** Faults of which a disk counts how often they were felt. */
  static final Map<Fault, DiskFault> FELT = felt();

  private final Agenda agenda;
  private final Cluster cluster;

  DiskFaults(Agenda agenda, Cluster cluster) {
    this.agenda = agenda;
    this.cluster = cluster;
  }

  private static Map<Fault, DiskFault> felt() {
    EnumMap<Fault, DiskFault> all = new EnumMap<>(LIES);
    all.put(Fault.READ_ONLY_DISK, DiskFault.READ_ONLY);
    all.put(Fault.FULL_DISK, DiskFault.NO_SPACE);
    return all;
  }

  @Override
  public Set<Fault> faults() {
    EnumSet<Fault> all = EnumSet.of(Fault.FULL_DISK, Fault.READ_ONLY_DISK);
    all.addAll(destructive());
    return all;
  }

  /** Those that destroy data. */
  static Set<Fault> destructive() {
    EnumSet<Fault> all = EnumSet.of(Fault.WIPED_DISK, Fault.BIT_FLIP, Fault.UNREADABLE_SECTOR);
    all.addAll(LIES.keySet());
    return all;
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    return switch (fault) {
      case FULL_DISK -> fill(victim, random);
      case READ_ONLY_DISK -> remount(victim, random);
      case WIPED_DISK -> cluster.mayDamage(victim) && did(() -> cluster.wipe(victim));
      case BIT_FLIP -> cluster.mayDamage(victim) && victim.flipBit(random);
      case UNREADABLE_SECTOR -> cluster.mayDamage(victim) && victim.spoilSector(random);
      default -> cluster.mayDamage(victim) && did(() -> victim.lie(LIES.get(fault)));
    };
  }

  private static boolean did(Runnable action) {
    action.run();
    return true;
  }

  private boolean fill(SimulatedNode node, RandomGenerator random) {
    node.fill(random.nextLong(MAX_ROOM));
    agenda.after(random.nextLong(6_000 * MILLI), node::makeRoom);
    return true;
  }

  private boolean remount(SimulatedNode node, RandomGenerator random) {
    node.readOnly(true);
    agenda.after(random.nextLong(2_000 * MILLI), () -> node.readOnly(false));
    return true;
  }
}
