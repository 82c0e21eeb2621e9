package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.check.Ledger;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The machines of a run, and what may still be done to them. */
final class Cluster {

  private final List<SimulatedNode> nodes;
  private final Ledger ledger;

  Cluster(List<SimulatedNode> nodes, Ledger ledger) {
    this.nodes = List.copyOf(nodes);
    this.ledger = ledger;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  SimulatedNode any(RandomGenerator random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  List<NodeId> ids() {
    return nodes.stream().map(SimulatedNode::id).toList();
  }

  /** The leader of the highest term, if a running node leads. */
  Optional<SimulatedNode> leader() {
    return nodes.stream()
        .filter(SimulatedNode::isLeader)
        .max(Comparator.comparingLong(node -> node.status().term()));
  }

  /** Any node that believes to lead, if one does. */
  Optional<SimulatedNode> anyLeader(RandomGenerator random) {
    List<SimulatedNode> leaders = nodes.stream().filter(SimulatedNode::isLeader).toList();
    return leaders.isEmpty()
        ? Optional.empty()
        : Optional.of(leaders.get(random.nextInt(leaders.size())));
  }

  /** Whether every node has the founding entry for good. */
  boolean isFormed() {
    return nodes.stream().allMatch(node -> node.isDamaged() || node.durableEntries() > 0);
  }

  /** Whether one more disk may be lost: a minority at most, and not before there is a cluster. */
  boolean mayDamage() {
    long damaged = nodes.stream().filter(SimulatedNode::isDamaged).count();
    return isFormed() && damaged + 1 <= (nodes.size() - 1) / 2;
  }

  /** The nodes that have their data. */
  List<SimulatedNode> sound() {
    return nodes.stream().filter(node -> !node.isDamaged()).toList();
  }

  /**
   * A majority, or more, of the nodes with their data; all of them before there is a cluster. Every
   * second time without the leader, because it is the one that is missed.
   */
  List<SimulatedNode> core(RandomGenerator random) {
    List<SimulatedNode> sound = new ArrayList<>(sound());
    int quorum = nodes.size() / 2 + 1;
    int wanted = isFormed() ? quorum + random.nextInt(sound.size() - quorum + 1) : sound.size();
    if (sound.size() > wanted && random.nextBoolean()) {
      leader().ifPresent(sound::remove);
    }
    while (sound.size() > wanted) {
      sound.remove(random.nextInt(sound.size()));
    }
    return sound;
  }

  /** Whether these run and have applied everything that was ever committed. */
  boolean isEven(List<SimulatedNode> core) {
    return core.stream()
        .allMatch(node -> node.isUp() && node.status().appliedIndex() >= ledger.lastIndex());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append('\n').append(node));
    return text.toString();
  }
}
