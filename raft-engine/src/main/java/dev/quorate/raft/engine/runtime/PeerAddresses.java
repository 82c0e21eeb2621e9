package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the nodes are that any group of a host speaks to. Addresses are data of each group, so that
 * two groups may differ while a node moves: what a group said last about a node holds. Guarded by
 * its owner.
 */
final class PeerAddresses {

  private final SortedMap<String, SortedMap<NodeId, Address>> byGroup = new TreeMap<>();
  private final SortedMap<NodeId, Address> addresses = new TreeMap<>();
  private final SortedMap<NodeId, Integer> users = new TreeMap<>();

  /**
   * Says which nodes a group speaks to.
   *
   * @return whether anything changed for the host
   */
  boolean set(String group, Map<NodeId, Address> ofGroup) {
    SortedMap<NodeId, Address> peers = new TreeMap<>(ofGroup);
    SortedMap<NodeId, Address> before = byGroup.getOrDefault(group, new TreeMap<>());
    boolean changed = false;
    for (Map.Entry<NodeId, Address> peer : peers.entrySet()) {
      Address old = before.get(peer.getKey());
      if (old == null) {
        users.merge(peer.getKey(), 1, Integer::sum);
      }
      if (!peer.getValue().equals(old)) {
        changed |= !peer.getValue().equals(addresses.put(peer.getKey(), peer.getValue()));
      }
    }
    for (NodeId old : before.keySet()) {
      if (!peers.containsKey(old) && users.merge(old, -1, Integer::sum) == 0) {
        users.remove(old);
        addresses.remove(old);
        changed = true;
      }
    }
    if (peers.isEmpty()) {
      byGroup.remove(group);
    } else {
      byGroup.put(group, peers);
    }
    return changed;
  }

  /** All nodes but one. */
  Map<NodeId, Address> without(NodeId self) {
    Map<NodeId, Address> others = new TreeMap<>(addresses);
    others.remove(self);
    return others;
  }
}
