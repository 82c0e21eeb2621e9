package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;

/** What candidates and voters say to each other (Ongaro's dissertation, sections 3.4 and 9.6). */
final class Voting {

  private final NodeState state;
  private final Election election;
  private final Roles roles;

  Voting(NodeState state, Election election, Roles roles) {
    this.state = state;
    this.election = election;
    this.roles = roles;
  }

  /**
   * Votes for whoever names this node with its disk, whatever the own log says of the own role
   * (rule P2); the envelope has made sure of that.
   */
  void onRequest(Peer from, VoteRequest request, Time now, Effects effects) {
    if (request.preVote()) {
      boolean granted = election.wouldGrant(request, now);
      state.answer(
          from,
          new VoteResponse(granted ? request.term() : state.term(), true, granted),
          state.log().writes().hardStateGate(),
          effects);
      return;
    }
    if (!request.transfer() && state.sticksToLeader(now)) {
      state.answer(
          from,
          new VoteResponse(state.term(), false, false),
          state.log().writes().hardStateGate(),
          effects);
      return;
    }
    if (request.term() > state.term()) {
      roles.becomeFollower(request.term(), now, effects);
    }
    boolean granted = election.grant(from, request, now);
    WriteStream writes = state.log().writes();
    state.answer(
        from,
        new VoteResponse(state.term(), false, granted),
        granted ? writes.gate() : writes.hardStateGate(),
        effects);
  }

  /** A voter answered this node, which stands or asked whether it should. */
  void onResponse(Peer from, VoteResponse response, Time now, Effects effects) {
    boolean toPreVote = response.preVote() && response.granted();
    if (!toPreVote && response.term() > state.term()) {
      roles.becomeFollower(response.term(), now, effects);
    } else {
      election.onResponse(from, response);
      roles.countVotes(now, effects);
    }
  }
}
