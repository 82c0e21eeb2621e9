package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.SnapshotAnswer;
import java.util.Collection;
import java.util.List;

/**
 * Sends a leader's entries to its peers: from the cache, or from the disk for those far behind, as
 * many at a time as each peer's {@link Progress} allows.
 */
final class Replication {

  private final NodeState state;
  private final LogReads reads;
  private final SnapshotOffers snapshots;

  /**
   * Sends for one term.
   *
   * @param peers all peers, as they are at any time
   */
  Replication(NodeState state, LogReads reads, Collection<Progress> peers) {
    this.state = state;
    this.reads = reads;
    this.snapshots = new SnapshotOffers(state, peers);
  }

  void onSnapshotAnswer(Progress progress, SnapshotAnswer message, Time now) {
    snapshots.onAnswer(progress, message, now);
  }

  /** Sends to a peer what it may be sent now. */
  void append(Progress progress, Time now, Effects effects) {
    RaftLog log = state.log();
    snapshots.offer(progress, now, effects);
    while (progress.mayAppend()) {
      boolean probing = progress.state() == PeerStatus.State.PROBING;
      if (progress.next() > log.lastIndex() && !probing) {
        return;
      }
      boolean onlyAsks = probing && !progress.hasSpace();
      List<LogEntry> entries = onlyAsks ? List.of() : entriesFor(progress, effects);
      if (entries.isEmpty() && progress.next() <= log.lastIndex() && !onlyAsks) {
        return;
      }
      long prevIndex = progress.next() - 1;
      long lastIndex = prevIndex + entries.size();
      long bytes = 0;
      for (LogEntry entry : entries) {
        bytes += entry.encodedLength();
      }
      state.send(
          progress.member(),
          new AppendRequest(
              state.term(), prevIndex, log.terms().at(prevIndex), state.commitIndex(), entries),
          Effects.AT_ONCE,
          effects);
      progress.appended(lastIndex, bytes, now);
      progress.sentCommit(Math.min(lastIndex, state.commitIndex()));
    }
  }

  /**
   * What to send next; nothing while it is being read from the disk. A peer without space would
   * leave commands out, so that it gets what comes before them and then nothing, but heartbeats,
   * until it says that it has space again (rule P5).
   */
  private List<LogEntry> entriesFor(Progress progress, Effects effects) {
    List<LogEntry> entries = nextEntries(progress, effects);
    return progress.hasSpace() ? entries : upToCommand(entries);
  }

  private static List<LogEntry> upToCommand(List<LogEntry> entries) {
    int count = 0;
    while (count < entries.size() && !entries.get(count).type().isCommand()) {
      count++;
    }
    return entries.subList(0, count);
  }

  private List<LogEntry> nextEntries(Progress progress, Effects effects) {
    RaftLog log = state.log();
    long next = progress.next();
    if (next > log.lastIndex()) {
      return List.of();
    }
    int limit = state.settings().maxBatchBytes();
    if (log.cache().holds(next)) {
      return log.cache().slice(next, log.lastIndex(), limit);
    }
    if (log.terms().at(next - 1) == TermRuns.UNKNOWN) {
      throw new InvariantViolation("entry " + next + " for a peer is before the log's beginning");
    }
    List<LogEntry> read = progress.readEntries();
    if (!read.isEmpty()) {
      return upTo(limit, read);
    }
    if (!progress.isReading()) {
      long durable = log.writes().durableIndex();
      progress.reading(
          reads.ask(
              next, durable + 1, limit, (token, found) -> progress.read(token, found), effects));
    }
    return List.of();
  }

  private static List<LogEntry> upTo(int limit, List<LogEntry> entries) {
    long sum = 0;
    int count = 0;
    for (LogEntry entry : entries) {
      sum += entry.encodedLength();
      if (count > 0 && sum > limit) {
        break;
      }
      count++;
    }
    return entries.subList(0, count);
  }
}
