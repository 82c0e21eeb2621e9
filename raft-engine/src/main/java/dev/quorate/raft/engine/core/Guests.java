package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Nodes that lately asked a cluster of which they are no members, or may be none. A transport
 * answers only whom it has the address of, so that they would never be told (rules P1 and P18).
 * Those among them whose disks are empty wait to be let in.
 */
final class Guests {

  private static final long STAY_NANOS = 10_000_000_000L;
  private static final int MAX_GUESTS = 16;

  /** No boot has this number: nothing came from it. */
  private static final long HEARSAY = 0;

  private final SortedMap<NodeId, Guest> guests = new TreeMap<>();

  private record Guest(Peer peer, Address address, boolean isEmpty, int level, long untilNanos) {
    private boolean askedHere() {
      return peer.boot() != HEARSAY;
    }

    private Member member() {
      return new Member(peer.id(), peer.incarnation(), address, level);
    }
  }

  /** A node asked; too many at a time are not answered. */
  void add(Peer from, Address address, boolean isEmpty, int level, Time now) {
    leave(now);
    if (guests.containsKey(from.id()) || guests.size() < MAX_GUESTS) {
      guests.put(from.id(), new Guest(from, address, isEmpty, level, now.nanos() + STAY_NANOS));
    }
  }

  /**
   * A member says where it is, without asking: that is news if a configuration has it elsewhere,
   * and else more than what it asked before from a place that it left.
   */
  void place(Peer from, Address address, Configuration configuration, Time now) {
    Guest known = guests.get(from.id());
    if (configuration.member(from.key()).filter(it -> it.address().equals(address)).isEmpty()) {
      add(from, address, false, FeatureLevel.FIRST, now);
    } else if (known != null && !known.address().equals(address)) {
      guests.remove(from.id());
    }
  }

  /**
   * Somebody whom a member asked says where that was. What it says itself is newer, and who only
   * heard of it does not tell others, so that nothing old goes round.
   */
  void hear(Member member, Time now) {
    Guest known = guests.get(member.id());
    if (known == null || !known.askedHere()) {
      Peer peer = new Peer(member.id(), member.incarnation(), HEARSAY);
      add(peer, member.address(), false, member.level(), now);
    }
  }

  /** Members who asked from somewhere else than where a configuration has them. */
  List<Member> moved(Configuration configuration) {
    return guests.values().stream()
        .filter(Guest::askedHere)
        .map(Guest::member)
        .filter(
            it ->
                configuration
                    .member(it.key())
                    .filter(member -> !member.address().equals(it.address()))
                    .isPresent())
        .toList();
  }

  private void leave(Time now) {
    guests.values().removeIf(guest -> now.nanos() - guest.untilNanos >= 0);
  }

  /** All who asked lately. */
  List<Member> present(Time now) {
    if (guests.isEmpty()) {
      return List.of();
    }
    leave(now);
    return guests.values().stream().map(Guest::member).toList();
  }

  /** Those who are members of a configuration. */
  List<Peer> members(Configuration configuration) {
    return guests.values().stream()
        .map(Guest::peer)
        .filter(peer -> configuration.isMember(peer.key()))
        .toList();
  }

  /** Those whose disks are empty and not members of a configuration. */
  List<Member> waiting(Configuration configuration, Time now) {
    if (guests.isEmpty()) {
      return List.of();
    }
    leave(now);
    return guests.values().stream()
        .filter(Guest::isEmpty)
        .map(Guest::member)
        .filter(member -> !configuration.isMember(member.key()))
        .toList();
  }

  /** The node of that name, if it waits. */
  Optional<Member> waiting(NodeId node, Configuration configuration, Time now) {
    return waiting(configuration, now).stream()
        .filter(member -> member.id().equals(node))
        .findFirst();
  }
}
