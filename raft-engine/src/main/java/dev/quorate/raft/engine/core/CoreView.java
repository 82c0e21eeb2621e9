package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Optional;

/**
 * What the core shows of itself.
 *
 * @param role the node's role
 * @param term its term
 * @param leader the leader of that term, as far as known
 * @param commitIndex the commit index
 * @param appliedIndex the last index reported as applied
 * @param lastIndex the last index of the log
 * @param durableIndex the last durable index of the log
 * @param snapshotIndex the index of the newest snapshot, or 0
 * @param configuration the effective configuration
 * @param peers the other members' progress, if this node leads
 * @param wiped voters that answer with another incarnation than the configuration's, sorted
 * @param membership who is in the group
 * @param inFlightBytes how many bytes of entries are on their way to peers, if this node leads
 * @param waitingCommands how many commands wait here to be appended or handed to the leader
 * @param unforcedBytes how many bytes of commands are on their way to the disk
 */
public record CoreView(
    Role role,
    long term,
    Optional<NodeId> leader,
    long commitIndex,
    long appliedIndex,
    long lastIndex,
    long durableIndex,
    long snapshotIndex,
    Configuration configuration,
    List<PeerStatus> peers,
    List<NodeId> wiped,
    MembershipView membership,
    long inFlightBytes,
    int waitingCommands,
    long unforcedBytes) {

  /** Copies the lists. */
  public CoreView {
    peers = List.copyOf(peers);
    wiped = List.copyOf(wiped);
  }

  static CoreView of(
      NodeState state,
      Optional<Leadership> leadership,
      MembershipView membership,
      Commands commands,
      Time now) {
    Role role = state.role() == Role.FOLLOWER && !state.isVoter() ? Role.LEARNER : state.role();
    return new CoreView(
        role,
        state.term(),
        state.leader().map(Peer::id),
        state.commitIndex(),
        state.appliedIndex(),
        state.log().lastIndex(),
        state.log().writes().durableIndex(),
        state.snapshotIndex(),
        state.configuration(),
        leadership.map(leading -> leading.status(now)).orElse(List.of()),
        state.wiped(),
        membership,
        leadership.map(Leadership::inFlightBytes).orElse(0L),
        commands.waiting(),
        state.log().writes().unforcedCommandBytes());
  }
}
