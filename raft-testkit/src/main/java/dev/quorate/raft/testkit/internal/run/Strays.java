package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.engine.codec.Envelope;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Messages of one cluster that come to the other's machine of the same name. Half of them differ
 * from that one's own in nothing but the cluster's id: even the disks that they name are its own. A
 * node that has no cluster yet belongs to whichever tells it so; what it asks does not go astray.
 */
final class Strays {

  private static final int SHARE = 8;
  private static final long MAX_DELAY_NANOS = 20_000_000;

  private final Agenda agenda;
  private final RandomGenerator random;
  private int arrived;

  Strays(Agenda agenda, RandomGenerator random) {
    this.agenda = agenda;
    this.random = random;
  }

  /** From now on some come from one cluster to the other. */
  void between(Network network, Network others, Cluster cluster) {
    network.seenBy(
        (envelope, message) -> {
          if (!envelope.clusterId().equals(ClusterId.NONE) && random.nextInt(SHARE) == 0) {
            Envelope astray = random.nextBoolean() ? envelope : readdressed(envelope, cluster);
            later(others, astray, message);
          }
        });
  }

  private void later(Network others, Envelope envelope, Message message) {
    agenda.after(
        random.nextLong(MAX_DELAY_NANOS), () -> arrived += others.stray(envelope, message) ? 1 : 0);
  }

  private static Envelope readdressed(Envelope envelope, Cluster cluster) {
    Peer from = envelope.from();
    Optional<SimulatedNode> sender = cluster.find(from.id());
    Optional<SimulatedNode> receiver = cluster.find(envelope.to());
    if (sender.isEmpty() || receiver.isEmpty()) {
      return envelope;
    }
    return new Envelope(
        envelope.clusterId(),
        envelope.group(),
        new Peer(from.id(), sender.get().member().incarnation(), from.boot()),
        envelope.to(),
        receiver.get().member().incarnation());
  }

  /** How many came to a node that ran. */
  int arrived() {
    return arrived;
  }
}
