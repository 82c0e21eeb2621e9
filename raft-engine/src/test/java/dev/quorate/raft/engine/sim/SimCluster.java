package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.formation.ListedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A group of nodes under one seed. */
final class SimCluster {

  static final long MILLI = 1_000_000;
  static final long ELECTION_MAX = 600 * MILLI;

  private final Agenda agenda = new Agenda();
  private final RandomGenerator random;
  private final SimNetwork network;
  private final Invariants invariants = new Invariants();
  private final History history = new History();
  private final List<SimNode> nodes = new ArrayList<>();
  private long lastCommand;

  SimCluster(int size, long seed) {
    this(size, 0, seed, false);
  }

  SimCluster(int size, int spares, long seed) {
    this(size, spares, seed, false);
  }

  /**
   * A group, and so many nodes besides that wait to be let in.
   *
   * @param restful whether it rests when nothing happens
   */
  SimCluster(int size, int spares, long seed, boolean restful) {
    SplittableRandom root = new SplittableRandom(seed);
    random = root.split();
    network = new SimNetwork(agenda, root.split(), invariants);
    List<ListedNode> listed = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      listed.add(new ListedNode(NodeId.of("n" + i), new Address("host" + i, 7000)));
    }
    for (ListedNode node : listed) {
      nodes.add(
          new SimNode(node, listed, agenda, root.split(), invariants, network, history, restful));
    }
    for (int i = size + 1; i <= size + spares; i++) {
      ListedNode node = new ListedNode(NodeId.of("n" + i), new Address("host" + i, 7000));
      nodes.add(
          new SimNode(node, listed, agenda, root.split(), invariants, network, history, restful));
    }
    nodes.forEach(SimNode::start);
  }

  RandomGenerator random() {
    return random;
  }

  SimNetwork network() {
    return network;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  History history() {
    return history;
  }

  Invariants invariants() {
    return invariants;
  }

  SimNode any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  void submit(SimNode node) {
    if (node.isUp()) {
      node.submit(++lastCommand);
    }
  }

  void run(long nanos) {
    runUntil(nanos, () -> false);
  }

  /** Runs until something is so, at most that long; tells whether it is so. */
  boolean runUntil(long nanos, BooleanSupplier condition) {
    long until = agenda.now() + nanos;
    while (!condition.getAsBoolean()) {
      if (!agenda.runNext(until)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** The leader of the highest term, if a running node leads. */
  Optional<SimNode> leader() {
    return nodes.stream()
        .filter(node -> node.isUp() && node.status().role() == Role.LEADER)
        .max(Comparator.comparingLong(node -> node.status().term()));
  }

  /** Whether every node runs and has applied everything that was ever committed. */
  boolean isEven() {
    return isEven(nodes);
  }

  /** Whether each of these runs and has applied everything that was ever committed. */
  boolean isEven(List<SimNode> some) {
    return some.stream()
        .allMatch(
            node -> node.isUp() && node.status().appliedIndex() >= invariants.committedCount());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(history.toString());
    for (SimNode node : nodes) {
      text.append("\n").append(node.id()).append(' ');
      text.append(node.isUp() ? node.status() : "down");
    }
    return text.toString();
  }
}
