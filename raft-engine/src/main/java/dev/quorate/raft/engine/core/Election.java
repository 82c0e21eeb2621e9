package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Standing for election and voting (Ongaro's dissertation, sections 3.4, 9.6 and 4.2.3).
 *
 * <p>A request for a vote waits until the candidate's term, its own vote and its log up to the
 * index it names are durable, like every promise: otherwise a candidate that crashes and comes back
 * with a shorter log in the same term could be elected by a vote that was meant for the longer one.
 */
final class Election {

  /** How far those are apart at most who learn at the same moment that their leader is gone. */
  private static final long HASTE_NANOS = 10_000_000;

  private final NodeState state;
  private final TreeMap<MemberId, Boolean> votes = new TreeMap<>();
  private long electionTerm;
  private long ownVoteGate;
  private boolean ownVoteCounted;
  private long deadlineNanos;

  Election(NodeState state, Time now) {
    this.state = state;
    resetTimer(now);
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isDue(Time now) {
    return now.nanos() - deadlineNanos >= 0;
  }

  void resetTimer(Time now) {
    deadlineNanos = now.nanos() + state.randomElectionNanos();
  }

  /**
   * The timer runs from when the leader was heard of. If that was too long ago, and many groups may
   * notice at this moment, not all stand in the same.
   */
  void resume(long heardNanos, Time now) {
    deadlineNanos = heardNanos + state.randomElectionNanos();
    if (deadlineNanos - now.nanos() < 0) {
      hasten(now);
    }
  }

  /** There is no leader any more: the first to notice shall be the only one that stands. */
  void hasten(Time now) {
    deadlineNanos = now.nanos() + state.randomNanos(HASTE_NANOS);
  }

  /** Asks whether an election could be won, without raising the term. */
  void beginPreVote(Time now, Effects effects) {
    state.role(Role.PRE_CANDIDATE);
    begin(state.term() + 1, now);
    ownVoteCounted = true;
    votes.put(state.self().key(), true);
    request(true, false, Effects.AT_ONCE, effects);
  }

  /** Stands for election in the next term. */
  void beginVote(boolean transfer, Time now, Effects effects) {
    state.role(Role.CANDIDATE);
    Peer me = state.self();
    state
        .log()
        .setHardState(new HardState(state.term() + 1, Optional.of(me.id()), me.incarnation()));
    begin(state.term(), now);
    ownVoteGate = state.log().writes().gate();
    request(false, transfer, ownVoteGate, effects);
  }

  private void begin(long term, Time now) {
    votes.clear();
    electionTerm = term;
    ownVoteCounted = false;
    resetTimer(now);
  }

  private void request(boolean preVote, boolean transfer, long gate, Effects effects) {
    RaftLog log = state.log();
    VoteRequest request =
        new VoteRequest(electionTerm, preVote, transfer, log.lastIndex(), log.lastTerm());
    Configuration configuration = state.configuration();
    for (Member member : configuration.members()) {
      if (configuration.isVoter(member.key()) && !member.id().equals(state.self().id())) {
        state.send(member, request, gate, effects);
      }
    }
  }

  /** Counts an answer, if it is to the present question and from a voter. */
  void onResponse(Peer from, VoteResponse message) {
    Role asking = message.preVote() ? Role.PRE_CANDIDATE : Role.CANDIDATE;
    boolean current = !message.granted() || message.term() == electionTerm;
    if (state.role() == asking && current && state.configuration().isVoter(from.key())) {
      // A late refusal of an earlier question does not take back a vote.
      votes.merge(from.key(), message.granted(), Boolean::logicalOr);
    }
  }

  /** Counts the own vote as soon as it is durable, and tells where the election stands. */
  Quorum.Result result() {
    if (!ownVoteCounted && state.log().writes().passed(ownVoteGate)) {
      ownVoteCounted = true;
      votes.put(state.self().key(), true);
    }
    return Quorum.tally(
        state.configuration(),
        member -> {
          Boolean granted = votes.get(member.key());
          if (granted == null) {
            return Quorum.Vote.PENDING;
          }
          return granted ? Quorum.Vote.YES : Quorum.Vote.NO;
        });
  }

  /** Whether a request for a pre-vote would be granted in an election. */
  boolean wouldGrant(VoteRequest request, Time now) {
    return request.term() > state.term() && isUpToDate(request) && !state.sticksToLeader(now);
  }

  /**
   * Votes in the present term, if this node has not voted for somebody else; returns whether it
   * did.
   */
  boolean grant(Peer candidate, VoteRequest request, Time now) {
    HardState before = state.log().hardState();
    HardState vote =
        new HardState(before.term(), Optional.of(candidate.id()), candidate.incarnation());
    boolean free = before.votedFor().isEmpty() && state.leader().isEmpty();
    if (!isUpToDate(request) || !(free || before.equals(vote))) {
      return false;
    }
    if (free) {
      state.log().setHardState(vote);
    }
    resetTimer(now);
    return true;
  }

  private boolean isUpToDate(VoteRequest request) {
    RaftLog log = state.log();
    return request.lastTerm() != log.lastTerm()
        ? request.lastTerm() > log.lastTerm()
        : request.lastIndex() >= log.lastIndex();
  }
}
