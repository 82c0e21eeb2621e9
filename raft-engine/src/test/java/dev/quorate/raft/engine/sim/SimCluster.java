package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.core.CoreSettings;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A group of members under one seed. */
final class SimCluster {

  static final long MILLI = 1_000_000;
  static final long ELECTION_MAX = 600 * MILLI;

  private static final CoreSettings SETTINGS =
      new CoreSettings(50 * MILLI, 300 * MILLI, ELECTION_MAX, 400, 2_000, 8_000, 50, 600);

  private final Agenda agenda = new Agenda();
  private final RandomGenerator random;
  private final SimNetwork network;
  private final Invariants invariants = new Invariants();
  private final History history = new History();
  private final List<SimNode> nodes = new ArrayList<>();
  private long lastCommand;

  SimCluster(int size, long seed) {
    SplittableRandom root = new SplittableRandom(seed);
    random = root.split();
    network = new SimNetwork(agenda, root.split());
    List<Member> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      members.add(new Member(NodeId.of("n" + i), 100 + i, new Address("host" + i, 7000)));
    }
    LogEntry bootstrap =
        LogEntry.of(
            LogEntry.Type.CONFIGURATION,
            1,
            0,
            0,
            0,
            ConfigurationCodec.encode(Configuration.ofVoters(new ClusterId(1, 2), members)));
    for (Member member : members) {
      SimNode node =
          new SimNode(member.id(), agenda, root.split(), invariants, network, SETTINGS, history);
      node.disk().write(new WriteBatch(1, List.of(new WriteRecord.Append(List.of(bootstrap)))));
      node.disk().forceUpTo(1);
      network.add(node);
      nodes.add(node);
    }
    nodes.forEach(this::start);
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

  void start(SimNode node) {
    node.start(100 + Integer.parseInt(node.id().value().substring(1)));
  }

  SimNode any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  long now() {
    return agenda.now();
  }

  void submit(SimNode node) {
    if (node.isUp()) {
      node.submit(++lastCommand);
    }
  }

  void run(long nanos) {
    long until = agenda.now() + nanos;
    while (agenda.runNext(until)) {
      // Everything happens in there.
    }
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
        .filter(SimNode::isUp)
        .filter(node -> node.core().view(node.time()).role() == Role.LEADER)
        .reduce((a, b) -> a.core().view(a.time()).term() > b.core().view(b.time()).term() ? a : b);
  }

  /** Whether every node runs and has applied everything that was ever committed. */
  boolean isEven() {
    return nodes.stream()
        .allMatch(
            node ->
                node.isUp()
                    && node.core().view(node.time()).appliedIndex() >= invariants.committedCount());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(history.toString());
    for (SimNode node : nodes) {
      text.append("\n").append(node.id()).append(' ');
      text.append(node.isUp() ? node.core().view(node.time()) : "down");
    }
    return text.toString();
  }
}
