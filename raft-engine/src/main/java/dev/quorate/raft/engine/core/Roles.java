package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message.TimeoutNow;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which role this node has, and the only place where that changes. Legal transitions:
 *
 * <pre>
 * FOLLOWER      -> PRE_CANDIDATE  the election timeout passed without a leader
 *               -> CANDIDATE      the leader said TimeoutNow
 * PRE_CANDIDATE -> CANDIDATE      a quorum would vote for this node
 * CANDIDATE     -> LEADER         a quorum, this node's own durable vote included, voted for it
 * any           -> FOLLOWER       a higher term, a leader of this term, or an election lost
 * LEADER        -> FOLLOWER       no quorum answers, the own disk stalls, the state machine failed, or
 *                                 the node has no vote any more
 * </pre>
 */
final class Roles {

  private final NodeState state;
  private final LogReads logReads;
  private final Election election;
  private final Commands commands;
  private final Reads reads;
  private final Transfer transfer;
  private final Reconfiguration reconfiguration;
  private Optional<Leadership> leadership = Optional.empty();

  Roles(
      NodeState state,
      LogReads logReads,
      Election election,
      Commands commands,
      Reads reads,
      Transfer transfer,
      Reconfiguration reconfiguration) {
    this.state = state;
    this.logReads = logReads;
    this.election = election;
    this.commands = commands;
    this.reads = reads;
    this.transfer = transfer;
    this.reconfiguration = reconfiguration;
  }

  /** What this node does as the leader, while it leads. */
  Optional<Leadership> leadership() {
    return leadership;
  }

  /** Behind which index peers that are being sent a snapshot will need this leader's log. */
  OptionalLong pinnedIndex() {
    return leadership.map(Leadership::pinnedIndex).orElse(OptionalLong.empty());
  }

  /** No leader was heard of for an election timeout. */
  void onElectionTimeout(Time now, Effects effects) {
    state.electionTimedOut();
    loseLeader(now, effects);
    if (state.mayCampaign(now) && !state.promise().binds(now)) {
      election.beginPreVote(now, effects);
      countVotes(now, effects);
    } else {
      becomeFollower(state.term(), now, effects);
    }
  }

  /**
   * A peer's process is gone, as a transport can tell. If it was the leader, there is no reason to
   * stick to it (rule P9): this node votes for others, and stands itself if nobody else does. What
   * was promised for a lease is kept all the same, because the sign may be wrong.
   */
  void onPeerGone(NodeId peer, Time now, Effects effects) {
    boolean bound = state.leases() || state.promise().binds(now);
    if (!bound
        && !state.leads()
        && state.leader().filter(leader -> leader.id().equals(peer)).isPresent()) {
      loseLeader(now, effects);
      election.hasten(now);
    }
  }

  /** The leader wants this node to stand for election at once. */
  void onTimeoutNow(Time now, Effects effects) {
    if (!state.leads() && state.mayCampaign(now)) {
      loseLeader(now, effects);
      election.beginVote(true, now, effects);
    }
  }

  /** Looks whether an election that this node stands in is won or lost. */
  void countVotes(Time now, Effects effects) {
    boolean stands = state.role() == Role.PRE_CANDIDATE || state.role() == Role.CANDIDATE;
    if (stands && !state.mayCampaign(now)) {
      becomeFollower(state.term(), now, effects);
    } else if (state.role() == Role.PRE_CANDIDATE) {
      switch (election.result()) {
        case WON -> {
          election.beginVote(false, now, effects);
          countVotes(now, effects);
        }
        case LOST -> becomeFollower(state.term(), now, effects);
        default -> {}
      }
    } else if (state.role() == Role.CANDIDATE) {
      switch (election.result()) {
        case WON -> becomeLeader(now, effects);
        case LOST -> becomeFollower(state.term(), now, effects);
        default -> {}
      }
    }
  }

  private void becomeLeader(Time now, Effects effects) {
    state.role(Role.LEADER);
    state.leaderHeard(now);
    Appender appender = new Appender(state, now);
    // Without an entry of its own term a leader may not commit what it found (section 3.6.2).
    LogEntry noOp = appender.append(LogEntry.Type.NO_OP, ByteBuffer.allocate(0), now);
    leadership = Optional.of(new Leadership(state, logReads, noOp.index(), now));
    commands.leading(appender);
    reconfiguration.leading(appender);
    changeLeader(Optional.of(state.self()), now, effects);
  }

  /** Follows in a term: in a new one, or in this one after it led or stood for election. */
  void becomeFollower(long term, Time now, Effects effects) {
    if (term > state.term()) {
      state.log().setHardState(HardState.withoutVote(term));
      state.role(Role.FOLLOWER);
      leadership = Optional.empty();
      loseLeader(now, effects);
    } else {
      boolean led = state.leads();
      state.role(Role.FOLLOWER);
      leadership = Optional.empty();
      if (led) {
        loseLeader(now, effects);
      }
    }
    election.resetTimer(now);
  }

  /** A leader of this term was heard of. */
  void followLeader(Peer from, Time now, Effects effects) {
    if (state.leads()) {
      throw new InvariantViolation(
          from.id() + " leads in term " + state.term() + ", and so does this node");
    }
    state.role(Role.FOLLOWER);
    // A leader speaks to members only.
    state.removed(Optional.empty());
    state.leaderHeard(now);
    election.resetTimer(now);
    changeLeader(Optional.of(from), now, effects);
  }

  private void loseLeader(Time now, Effects effects) {
    changeLeader(Optional.empty(), now, effects);
  }

  private void changeLeader(Optional<Peer> leader, Time now, Effects effects) {
    if (!leader.equals(state.leader())) {
      state.leader(leader);
      if (!state.leads()) {
        reconfiguration.leadsNoMore(effects);
      }
      commands.onLeaderChanged(now, effects);
      reads.onLeaderChanged();
      leader.ifPresent(peer -> transfer.onLeader(peer, now, effects));
    }
  }

  /**
   * A leader that has no vote any more hands over to the best voter, and leads no longer even if
   * that fails.
   */
  void resignWithoutVote(Time now, Effects effects) {
    if (reconfiguration.mustResign() && !transfer.isRunning()) {
      transfer.begin(
          Transfer.NO_CALL,
          leadership.flatMap(leading -> leading.bestVoter(now)),
          true,
          now.nanos() + state.settings().electionMaxNanos(),
          now,
          effects);
    }
  }

  /** Steps down, and tells the voter that has most to stand, so that nobody waits for a timeout. */
  void handOff(Time now, Effects effects) {
    leadership
        .flatMap(leading -> leading.bestVoter(now))
        .ifPresent(
            best ->
                state.send(best.member(), new TimeoutNow(state.term()), Effects.AT_ONCE, effects));
    becomeFollower(state.term(), now, effects);
  }

  /** A leader without space tells one caught-up voter with space after the other to stand. */
  void offerLeadership(Time now, Effects effects) {
    if (leadership.isPresent() && !state.hasSpace()) {
      leadership
          .get()
          .nextHeir(now)
          .ifPresent(heir -> leadership.get().tellToStand(heir.member(), effects));
    }
  }
}
