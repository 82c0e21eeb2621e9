package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message.FormationProbe;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.MembershipQuery;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether this node belongs to its group, and telling others whether they do (rule P18). Who was
 * removed may have missed the entry that says so, and who was let in has not yet got the one that
 * names it. Any member tells them; "you are no member" is believed only by a committed
 * configuration that is newer than the own one, because an older one may be from before the node
 * was let in.
 */
final class Belonging {

  /** A voter does not ask before so many election timeouts have brought no leader. */
  private static final int PATIENCE = 3;

  private final NodeState state;
  private final Guests guests;
  private List<NodeId> contacts = List.of();
  private Optional<Map.Entry<Long, Configuration>> told = Optional.empty();
  private Configuration announced;
  private boolean left;

  Belonging(NodeState state, Guests guests) {
    this.state = state;
    this.guests = guests;
  }

  /** Where this node is reached, and whom it may ask besides the members that it knows. */
  void introduce(Address address, List<NodeId> others) {
    state.address(address);
    contacts = List.copyOf(others);
  }

  /** The committed configuration of that index names this node; its own log may not yet. */
  void told(MembershipNotice notice) {
    told = Optional.of(Map.entry(notice.index(), notice.configuration()));
  }

  /** What this node was told, as long as its own log is older. */
  Optional<Configuration> told() {
    return told.filter(at -> at.getKey() > state.log().configurationIndex())
        .map(Map.Entry::getValue);
  }

  /** A node with an empty disk asks; it is told where the members are, and whether it is one. */
  void onProbe(Peer from, FormationProbe probe, Time now, Effects effects) {
    guests.add(from, probe.address(), true, probe.level(), now);
    tell(from, effects);
  }

  /** A node that hears of no leader asks whether it is a member. */
  void onQuery(Peer from, MembershipQuery query, Time now, Effects effects) {
    guests.add(from, query.address(), false, FeatureLevel.FIRST, now);
    tell(from, effects);
    List<Member> moved = guests.moved(state.committedConfiguration().getValue());
    if (moved.stream().anyMatch(member -> !member.id().equals(from.id()))) {
      // Two that moved would never find each other.
      ClusterId cluster = state.configuration().clusterId();
      Configuration places = Configuration.ofVoters(cluster, moved);
      MembershipNotice notice = MembershipNotice.ofPlaces(from.boot(), places);
      state.answer(from, notice, Effects.AT_ONCE, effects);
    }
  }

  /**
   * The leader says where it is, and is answered there for as long as it does, also before the log
   * says it: the change that does may need this node's answer.
   */
  void onLeader(Peer leader, Optional<Address> address, Time now) {
    address.ifPresent(it -> guests.place(leader, it, state.configuration(), now));
  }

  /** A node stands for election that may have been removed. */
  void onCandidate(Peer from, Effects effects) {
    if (!state.configuration().isMember(from.key())
        && !state.committedConfiguration().getValue().isMember(from.key())) {
      tell(from, effects);
    }
  }

  private void tell(Peer peer, Effects effects) {
    Map.Entry<Long, Configuration> committed = state.committedConfiguration();
    state.answer(
        peer,
        new MembershipNotice(peer.boot(), committed.getKey(), committed.getValue()),
        Effects.AT_ONCE,
        effects);
  }

  /** Whoever waited and was let in hears of it at once. */
  void endTurn(Effects effects) {
    Map.Entry<Long, Configuration> at = state.committedConfiguration();
    Configuration committed = at.getValue();
    if (committed != announced) {
      announced = committed;
      left =
          !committed.isMember(state.self().key())
              && (isRemovedBy(committed) || wasNamedBefore(at.getKey()));
      guests.members(committed).forEach(peer -> tell(peer, effects));
    }
  }

  private boolean isRemovedBy(Configuration configuration) {
    return configuration.removed().contains(state.self().key());
  }

  /** In the log, that is: a newcomer is named by what it was told before it has any of that. */
  private boolean wasNamedBefore(long index) {
    return state.log().configurations().subMap(1L, index).values().stream()
        .anyMatch(earlier -> earlier.isMember(state.self().key()));
  }

  /** A member tells which configuration is committed, or where others asked it from. */
  void onNotice(Peer from, MembershipNotice notice, Time now) {
    Configuration theirs = notice.configuration();
    if (notice.isOfPlaces(state.self().boot())) {
      theirs.members().stream()
          .filter(member -> !member.key().equals(state.self().key()))
          .forEach(member -> guests.hear(member, now));
    }
    long known = told.map(Map.Entry::getKey).orElse(0L);
    long own = Math.max(known, state.committedConfiguration().getKey());
    if (notice.index() <= own || !theirs.clusterId().equals(state.configuration().clusterId())) {
      return;
    }
    if (theirs.isMember(state.self().key())) {
      told(notice);
    } else if (state.removed().isEmpty()
        && notice.boot() == state.self().boot()
        && (isRemovedBy(theirs) || wasMember())) {
      // All whom it asks say so; the first will do, or its condition would change with each answer.
      state.removed(
          Optional.of(
              "this node was removed, as "
                  + from.id()
                  + " says: the configuration that was committed at index "
                  + notice.index()
                  + " does not name it. To let it in again, start it with an empty disk"));
    }
  }

  /**
   * Who was let in lately, and whose log does not say so yet, is not in an older configuration
   * either: that it is missing from one means nothing.
   */
  private boolean wasMember() {
    return state.committedConfiguration().getValue().isMember(state.self().key());
  }

  /** No leader is heard of: asks whether this node is a member. */
  void ask(Effects effects) {
    boolean patient = state.isVoter() && state.timeoutsWithoutLeader() < PATIENCE;
    Optional<Address> address = state.address();
    if (address.isEmpty() || patient) {
      return;
    }
    TreeSet<NodeId> all = new TreeSet<>(contacts);
    state.configuration().members().forEach(member -> all.add(member.id()));
    told().ifPresent(known -> known.members().forEach(member -> all.add(member.id())));
    all.remove(state.self().id());
    for (NodeId node : all) {
      effects.send(node, 0, new MembershipQuery(address.get()), Effects.AT_ONCE);
    }
  }

  /** Why this node takes no part, if it is known to be no member any more. */
  Optional<String> gone() {
    return left
        ? Optional.of(
            "this node was removed by the configuration at index "
                + state.committedConfiguration().getKey()
                + " of its log. To let it in again, start it with an empty disk")
        : state.removed();
  }
}
