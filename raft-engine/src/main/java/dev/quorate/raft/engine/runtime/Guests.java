package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes that ask a cluster of which they are no members. A transport answers only whom it has the
 * address of, so that such a node would never be told that it was wiped or is late (rule P1).
 */
final class Guests {

  private static final long STAY_NANOS = 10_000_000_000L;
  private static final int MAX_GUESTS = 16;

  private final SortedMap<NodeId, Guest> guests = new TreeMap<>();

  private record Guest(Address address, long untilNanos) {}

  /** A node asked; too many at a time are not answered. */
  void add(NodeId id, Address address, long nowNanos) {
    if (guests.containsKey(id) || guests.size() < MAX_GUESTS) {
      guests.put(id, new Guest(address, nowNanos + STAY_NANOS));
    }
  }

  /** Where those are that asked lately. */
  SortedMap<NodeId, Address> present(long nowNanos) {
    guests.values().removeIf(guest -> nowNanos - guest.untilNanos >= 0);
    SortedMap<NodeId, Address> present = new TreeMap<>();
    guests.forEach((id, guest) -> present.put(id, guest.address));
    return present;
  }
}
