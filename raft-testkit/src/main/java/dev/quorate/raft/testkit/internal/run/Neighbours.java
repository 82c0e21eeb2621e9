package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.testkit.internal.node.Replica;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The further groups on the machines of a run. The last of them is one that an operator removes
 * from machines: it may lose its quorum by that, and keeps its promises all the same. The others
 * lose no more than a minority of their disks.
 */
final class Neighbours implements FaultFamily {

  /** A removal takes about so many operations on the disk. */
  private static final int OPERATIONS = 24;

  private final List<Neighbour> groups;

  Neighbours(List<Neighbour> groups) {
    this.groups = List.copyOf(groups);
  }

  List<Neighbour> groups() {
    return groups;
  }

  /** Those that stay. */
  private Stream<Neighbour> lasting() {
    return groups.stream().limit(Math.max(0, groups.size() - 1));
  }

  boolean areFormed() {
    return groups.stream().allMatch(Neighbour::isFormed);
  }

  /** Whether a machine, with its present disk, is a member of a group that is to stay. */
  boolean haveMember(MemberId machine) {
    return lasting().anyMatch(it -> it.isMember(machine));
  }

  /**
   * Whether a machine is the only one left that has anything of some group: those with empty disks
   * would found another without it.
   */
  boolean areLostWith(NodeId machine) {
    return groups.stream().anyMatch(it -> it.isOnlyOn(machine));
  }

  /** The sets of voters of which a majority each may have to agree. */
  List<Set<MemberId>> electorates() {
    return lasting().flatMap(Neighbour::electorates).toList();
  }

  /** A message leaves a machine. */
  void sent(Envelope envelope, Message message) {
    groups.stream()
        .filter(it -> it.world().group().equals(envelope.group()))
        .forEach(it -> it.sent(envelope, message));
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.of(Fault.REMOVE_GROUP);
  }

  @Override
  public boolean strike(Fault fault, SimulatedNode victim, RandomGenerator random) {
    int dying = random.nextInt(4) == 0 ? -1 : random.nextInt(OPERATIONS);
    return !groups.isEmpty()
        && areFormed()
        && victim.removeGroup(groups.get(groups.size() - 1).world().group(), dying);
  }

  /** Calls that wait at nodes of these machines. */
  long openCalls(List<SimulatedNode> machines) {
    return groups.stream()
        .flatMap(it -> it.soundOf(machines).stream())
        .mapToLong(Replica::openCalls)
        .sum();
  }

  /** How often any of them was woken from rest. */
  int rests() {
    return groups.stream().mapToInt(Neighbour::rests).sum();
  }

  /** How many of their callers' commands were acknowledged. */
  int applied() {
    return groups.stream().mapToInt(it -> it.world().history().applied()).sum();
  }
}
