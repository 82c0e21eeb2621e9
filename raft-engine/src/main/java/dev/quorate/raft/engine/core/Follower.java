package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRejected;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Peer;

/** What a follower does with its leader's messages (Ongaro's dissertation, section 3.5). */
final class Follower {

  private final NodeState state;
  private long verifiedIndex;
  private long verifiedTerm;

  Follower(NodeState state) {
    this.state = state;
  }

  void onAppend(Peer leader, AppendRequest request, Effects effects) {
    RaftLog log = state.log();
    long prevIndex = request.prevIndex();
    // What is committed equals every leader's log, so that a late request below it is no question.
    if (prevIndex > state.commitIndex() && log.terms().at(prevIndex) != request.prevTerm()) {
      long hint = log.terms().lastNotAbove(prevIndex - 1, request.prevTerm());
      state.answer(
          leader,
          new AppendRejected(state.term(), prevIndex, hint, log.terms().at(hint)),
          log.writes().hardStateGate(),
          effects);
      return;
    }
    long matched = prevIndex;
    for (LogEntry entry : request.entries()) {
      if (!store(entry)) {
        break;
      }
      matched = entry.index();
    }
    verify(matched);
    // No further than what this request vouches for: beyond it an old tail may lie.
    state.commit(Math.min(request.commitIndex(), matched));
    boolean cut = matched < prevIndex + request.entries().size();
    state.answer(
        leader,
        new AppendAccepted(state.term(), matched, cut, state.hasSpace()),
        log.writes().gate(),
        effects);
  }

  /**
   * Adds an entry, unless it is there; only an entry that differs is ever replaced. Returns whether
   * it is there now; a command for which there is no room is left to the leader to send again (rule
   * P5).
   */
  private boolean store(LogEntry entry) {
    RaftLog log = state.log();
    if (entry.index() <= log.lastIndex() && log.terms().at(entry.index()) == entry.term()) {
      return true;
    }
    if (entry.index() <= log.baseIndex()) {
      return true; // Compacted, and so committed, which a leader's entries agree with.
    }
    if (!state.hasRoomFor(entry.type(), entry.encodedLength())) {
      return false;
    }
    if (entry.index() <= log.lastIndex()) {
      log.truncateFrom(entry.index(), state.commitIndex());
    }
    log.append(entry);
    return true;
  }

  void onHeartbeat(Peer leader, Heartbeat heartbeat, Time now, Effects effects) {
    if (heartbeat.matchIndex() > state.log().lastIndex()) {
      throw new InvariantViolation(
          leader.id()
              + " has this disk's acknowledgement of index "
              + heartbeat.matchIndex()
              + ", but its log ends at "
              + state.log().lastIndex()
              + ": the disk was set back to an older copy, or lost what it had forced. Wipe this"
              + " node's data and let it be added again");
    }
    state.commit(heartbeat.commitIndex());
    WriteStream writes = state.log().writes();
    long received = verified();
    long promised = promised(heartbeat.promiseNanos(), now);
    // Waits for the term only, and says what is durable: a slow force on followers must not depose
    // a healthy leader (rule P16).
    state.answer(
        leader,
        new HeartbeatResponse(
            state.term(),
            heartbeat.round(),
            received,
            Math.min(received, writes.durableIndex()),
            state.hasSpace(),
            heartbeat.sentNanos(),
            now.nanos(),
            promised),
        writes.hardStateGate(),
        effects);
  }

  private long promised(long asked, Time now) {
    long given = state.leases() ? Math.min(asked, state.settings().electionMinNanos()) : 0;
    if (given > 0) {
      state.promise().give(given, now);
    }
    return given;
  }

  /**
   * How far this log is known to equal the log of the leader of the present term: as far as that
   * leader has said so, or as anything is committed. What a former leader said counts no more,
   * however the term came to rise (a candidate raises its own).
   */
  private long verified() {
    return Math.max(state.commitIndex(), verifiedTerm == state.term() ? verifiedIndex : 0);
  }

  private void verify(long index) {
    verifiedIndex = Math.max(verified(), index);
    verifiedTerm = state.term();
  }
}
