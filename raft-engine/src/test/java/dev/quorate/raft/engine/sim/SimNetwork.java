package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Peer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A network that delays, loses, repeats and reorders, and whose links can be cut in one direction.
 */
final class SimNetwork {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private final Agenda agenda;
  private final RandomGenerator random;
  private final Map<NodeId, SimNode> nodes = new TreeMap<>();
  private final Set<String> cut = new HashSet<>();
  private int lossPercent;
  private int repeatPercent;
  private long maxDelayNanos = MILLI;
  private int bulkLossPercent;
  private long maxBulkDelayNanos = 1;

  SimNetwork(Agenda agenda, RandomGenerator random) {
    this.agenda = agenda;
    this.random = random;
  }

  void add(SimNode node) {
    nodes.put(node.id(), node);
  }

  /** Bulk is slower and is lost more often: heartbeats overtake it (two lanes, rule P17). */
  void bulkWeather(int newBulkLossPercent, long newMaxBulkDelayNanos) {
    bulkLossPercent = newBulkLossPercent;
    maxBulkDelayNanos = newMaxBulkDelayNanos;
  }

  void weather(int newLossPercent, int newRepeatPercent, long newMaxDelayNanos) {
    lossPercent = newLossPercent;
    repeatPercent = newRepeatPercent;
    maxDelayNanos = newMaxDelayNanos;
  }

  void cut(NodeId from, NodeId to) {
    cut.add(from + ">" + to);
  }

  void heal() {
    cut.clear();
  }

  void send(Peer from, NodeId to, long toIncarnation, Message message) {
    int copies = random.nextInt(100) < repeatPercent ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      boolean bulk = message instanceof AppendRequest;
      if (random.nextInt(100) >= (bulk ? Math.max(lossPercent, bulkLossPercent) : lossPercent)) {
        long delay =
            50 * MICRO
                + random.nextLong(maxDelayNanos)
                + (bulk ? random.nextLong(maxBulkDelayNanos) : 0);
        // A few messages are so late that terms and boots have passed in between.
        long late = random.nextInt(200) < repeatPercent ? random.nextLong(3_000 * MILLI) : 0;
        agenda.after(delay + late, () -> deliver(from, to, toIncarnation, message));
      }
    }
  }

  private void deliver(Peer from, NodeId to, long toIncarnation, Message message) {
    if (!cut.contains(from.id() + ">" + to)) {
      nodes.get(to).receive(from, toIncarnation, message);
    }
  }
}
