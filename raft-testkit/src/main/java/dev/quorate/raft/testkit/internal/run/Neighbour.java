package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.testkit.internal.check.Reference;
import dev.quorate.raft.testkit.internal.node.Replica;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.node.World;
import dev.quorate.raft.testkit.internal.time.Agenda;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A further group on the machines of a run, with the same founders and a history of its own. */
final class Neighbour {

  private final World world;
  private final Reference reference;
  private final Agenda agenda;
  private final long silenceNanos;
  private List<Replica> replicas = List.of();
  private long lastSentNanos;
  private int rests;

  /**
   * A group without machines.
   *
   * @param silenceNanos for how long no message of the group must have left any machine, while it
   *     has a leader, before it is taken for one that rests
   */
  Neighbour(World world, Reference reference, Agenda agenda, long silenceNanos) {
    this.world = world;
    this.reference = reference;
    this.agenda = agenda;
    this.silenceNanos = silenceNanos;
  }

  /** These found it. */
  void isFoundedBy(List<SimulatedNode> machines) {
    replicas = machines.stream().flatMap(it -> it.neighbour(world.group()).stream()).toList();
  }

  World world() {
    return world;
  }

  List<Replica> replicas() {
    return replicas;
  }

  /** The leader of the highest term, if a running node leads. */
  Optional<Replica> leader() {
    return replicas.stream()
        .filter(Replica::isLeader)
        .max(Comparator.comparingLong(it -> it.status().term()));
  }

  /** Whether every founder has the founding entry for good, or nothing any more. */
  boolean isFormed() {
    return replicas.stream().allMatch(it -> !it.isSound() || it.durableEntries() > 0);
  }

  /** Whether a machine is a member with its present disk, or may come to be. */
  boolean isMember(MemberId machine) {
    return world.invariants().inForce().stream().anyMatch(of -> of.isMember(machine));
  }

  /** Whether it exists, and this machine is the only one left that has any of its data. */
  boolean isOnlyOn(NodeId machine) {
    return isFormed()
        && replicas.stream().noneMatch(it -> !it.id().equals(machine) && it.durableEntries() > 0);
  }

  /** The sets of voters of which a majority each may have to agree. */
  Stream<Set<MemberId>> electorates() {
    return world.invariants().inForce().stream().map(Neighbour::voters);
  }

  private static Set<MemberId> voters(Configuration configuration) {
    return configuration.voters().stream()
        .map(Member::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of some machines that have its data. */
  List<Replica> soundOf(List<SimulatedNode> machines) {
    Set<NodeId> ids =
        machines.stream().map(SimulatedNode::id).collect(Collectors.toCollection(TreeSet::new));
    return replicas.stream().filter(it -> it.isSound() && ids.contains(it.id())).toList();
  }

  /** Whether so many are enough to decide. */
  boolean isQuorum(List<Replica> some) {
    return isFormed() ? 2 * some.size() > replicas.size() : isWhole(some);
  }

  /** Whether these are all that there are. */
  boolean isWhole(List<Replica> some) {
    return some.size() == replicas.size();
  }

  /** A message of the group leaves a machine. */
  void sent(Envelope envelope, Message message) {
    rests += isAtRest() ? 1 : 0;
    lastSentNanos = agenda.now();
    world
        .invariants()
        .sent(envelope.from(), new Peer(envelope.to(), envelope.toIncarnation(), 0), message);
  }

  /** Whether it has a leader, and nobody says anything. */
  boolean isAtRest() {
    return agenda.now() - lastSentNanos >= silenceNanos && leader().isPresent();
  }

  /** How often it was woken. */
  int rests() {
    return rests;
  }

  /** Whether these run and have applied everything that was ever committed. */
  boolean isEven(List<Replica> some) {
    long last = world.invariants().ledger().lastIndex();
    return some.stream().allMatch(it -> it.isUp() && it.status().appliedIndex() >= last);
  }

  /** In the end: what its callers were told is what its log gives. */
  void judge(StateMachine replay) {
    world.application().judge();
    world.history().judgeByModel(reference);
    world.history().judge(reference, replay);
  }

  @Override
  public String toString() {
    return world.group() + replicas.stream().map(it -> "\n" + it).collect(Collectors.joining());
  }
}
