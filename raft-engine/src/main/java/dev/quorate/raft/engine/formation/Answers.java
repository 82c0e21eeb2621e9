package dev.quorate.raft.engine.formation;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which nodes said lately that their disk is empty, and which disk that was. An answer expires, so
 * that a node that went away is asked again before a cluster is founded on it. A node that suddenly
 * answers from another disk or boot is believed at its second such answer only, because the first
 * may be an old one that was held up in the network.
 */
final class Answers {

  private final long validNanos;
  private final SortedMap<NodeId, Answer> latest = new TreeMap<>();

  private record Answer(Peer peer, long atNanos, boolean believed) {}

  Answers(long validNanos) {
    this.validNanos = validNanos;
  }

  void add(Peer peer, long nowNanos) {
    Answer before = latest.get(peer.id());
    boolean believed = before == null || before.peer().equals(peer);
    latest.put(peer.id(), new Answer(peer, nowNanos, believed));
  }

  /** The disk of a node that is known to be empty, or 0. */
  long incarnation(NodeId node, long nowNanos) {
    Answer answer = latest.get(node);
    return answer != null && answer.believed() && nowNanos - answer.atNanos() <= validNanos
        ? answer.peer().incarnation()
        : 0;
  }

  /** Those of the nodes that have no valid answer, in the order given. */
  List<NodeId> missing(List<NodeId> nodes, long nowNanos) {
    List<NodeId> missing = new ArrayList<>();
    for (NodeId node : nodes) {
      if (incarnation(node, nowNanos) == 0) {
        missing.add(node);
      }
    }
    return missing;
  }
}
