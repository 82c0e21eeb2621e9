package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What must hold after every step, of durable state and of every message ever sent. */
final class Invariants {

  private final Map<NodeId, SimStorage> storages = new TreeMap<>();
  private final Map<Long, NodeId> leaderOfTerm = new HashMap<>();
  private final Map<Long, LogEntry> committed = new HashMap<>();
  private final Map<NodeId, NodeStatus> lastViews = new HashMap<>();
  private final Map<NodeId, Long> judgedCommit = new HashMap<>();
  private final Map<NodeId, HardState> lastDurable = new HashMap<>();
  private final Quorums quorums = new Quorums(storages);
  private final Map<String, MemberId> votes = new HashMap<>();
  private final Map<String, Stored> entries = new HashMap<>();
  private final Map<Long, Long> termWhenSeenCommitted = new HashMap<>();
  private boolean anyWiped;
  private long highestCommitted;

  void watch(NodeId id, SimStorage storage) {
    storages.put(id, storage);
  }

  private SimDisk disk(NodeId id) {
    return storages.get(id).disk();
  }

  /** A node's disk was replaced: it is another member now. */
  void wiped(NodeId id) {
    lastDurable.remove(id);
    anyWiped = true;
  }

  /** Whether a disk was ever replaced. */
  boolean anyWiped() {
    return anyWiped;
  }

  long committedCount() {
    return highestCommitted;
  }

  /** The committed entry at an index, or null. */
  LogEntry committedAt(long index) {
    return committed.get(index);
  }

  /** A node restarted: what it had only in memory may be lower now. */
  void restarted(NodeId id) {
    lastViews.remove(id);
    judgedCommit.remove(id);
  }

  /** I2: an index and a term name one entry and, with it, all before. */
  private void stored(List<LogEntry> log) {
    for (int i = log.size() - 1; i >= 0; i--) {
      LogEntry entry = log.get(i);
      Stored now = new Stored(entry, i == 0 ? 0 : log.get(i - 1).term());
      Stored known = entries.putIfAbsent(entry.index() + "/" + entry.term(), now);
      check(known == null || known.equals(now), "I2", () -> now + " differs from " + known);
      if (known != null) {
        return;
      }
    }
  }

  private record Stored(LogEntry entry, long termBefore) {}

  /** After a turn of a node. */
  void afterTurn(NodeId id, NodeStatus view) {
    NodeStatus before = lastViews.put(id, view);
    long lastIndex = before == null ? Long.MAX_VALUE : before.lastIndex();
    if (before != null) {
      check(view.term() >= before.term(), "I8", () -> id + " goes back to term " + view.term());
      check(view.commitIndex() >= before.commitIndex(), "I8", () -> id + " uncommits");
      check(view.appliedIndex() >= before.appliedIndex(), "I8", () -> id + " unapplies");
    }
    check(
        view.appliedIndex() <= view.commitIndex(),
        "I7",
        () -> id + " applied what is not committed");
    check(
        view.appliedIndex() <= view.durableIndex(),
        "I7",
        () -> id + " applied what is not durable");
    if (view.role() == Role.LEADER) {
      NodeId other = leaderOfTerm.putIfAbsent(view.term(), id);
      check(
          other == null || other.equals(id),
          "I1",
          () -> id + " and " + other + " lead " + view.term());
      if (other == null) {
        leaderIsComplete(id, view.term());
        quorums.elected(
            id, disk(id).writtenEntries(), voter -> votes.get(voter + " in " + view.term()));
      }
      quorums.leads(
          id,
          view.membership().version(),
          Math.max(view.commitIndex(), highestCommitted),
          disk(id).writtenEntries());
    }
    commits(id, view, lastIndex);
  }

  /**
   * I3: a new leader has every entry that was committed in a lower term. It may be elected so late
   * that others have committed more in a higher one.
   */
  private void leaderIsComplete(NodeId id, long term) {
    List<LogEntry> log = disk(id).writtenEntries();
    for (long index = 1; index <= highestCommitted; index++) {
      LogEntry entry = committed.get(index);
      check(
          termWhenSeenCommitted.get(index) >= term
              || log.size() >= index && log.get((int) index - 1).equals(entry),
          "I3",
          () -> id + " leads without committed entry " + entry);
    }
  }

  /** I4 and I6: what is committed never changes, and is durable on a quorum. */
  private void commits(NodeId id, NodeStatus view, long lastIndex) {
    // What is committed may still be on its way to this node's disk.
    long to = Math.min(view.commitIndex(), view.durableIndex());
    List<LogEntry> log = disk(id).durableEntries();
    long from = judgedCommit.getOrDefault(id, 0L);
    for (long index = from + 1; index <= to; index++) {
      LogEntry entry = log.get((int) index - 1);
      LogEntry known = committed.putIfAbsent(index, entry);
      check(known == null || known.equals(entry), "I4", () -> entry + " committed after " + known);
      termWhenSeenCommitted.putIfAbsent(index, view.term());
      highestCommitted = Math.max(highestCommitted, index);
    }
    // The bootstrap entry is the same everywhere before anybody votes (rule P1).
    if (to > Math.max(from, 1) && view.role() == Role.LEADER) {
      quorums.commits(
          id, log.get((int) to - 1), lastIndex, disk(id).writtenEntries(), view.membership());
    }
    judgedCommit.put(id, Math.max(from, to));
  }

  /** I5: every node applies the committed entries, each at its index. */
  void applied(NodeId id, ApplyContext context, ByteBuffer command) {
    LogEntry entry = committed.get(context.index());
    check(
        entry != null && entry.term() == context.term() && entry.payload().equals(command),
        "I5",
        () -> id + " applies another command than " + entry + " at " + context);
  }

  /** I5: a snapshot holds the effect of every committed command up to its last, each once. */
  void restored(NodeId id, long lastIndex, long digest) {
    long expected = 0;
    for (long index = 1; index <= lastIndex; index++) {
      LogEntry entry = committed.get(index);
      check(
          entry != null, "I5", () -> id + " restores a state of " + lastIndex + ", not committed");
      if (entry.type() == LogEntry.Type.COMMAND) {
        expected = digest(expected, index, entry.payload());
      }
    }
    check(expected == digest, "I5", () -> id + " restores another state than that of " + lastIndex);
  }

  static long digest(long before, long index, ByteBuffer command) {
    return 31 * (31 * before + index) + command.hashCode();
  }

  /** I8 and I9: a message promises nothing that its sender's disk could still forget. */
  void sent(MemberId from, MemberId to, Message message) {
    SimDisk disk = disk(from.node());
    HardState state = disk.durableState();
    if (message instanceof VoteRequest request && !request.preVote()) {
      check(
          state.term() >= request.term(),
          "I9",
          () -> from + " asks for votes before its term is durable");
      check(
          // Where that term has a leader, its candidates follow it, and what they asked for before
          // they truncated may still wait for a write: it can elect nobody.
          state.term() > request.term()
              || disk.durableEntries().size() >= request.lastIndex()
              || leaderOfTerm.containsKey(request.term()),
          "I9",
          () -> from + " asks for votes for a log that is not durable");
      vote(from, request.term(), from);
    } else if (message instanceof VoteResponse response
        && response.granted()
        && !response.preVote()) {
      check(
          state.term() > response.term()
              || (state.term() == response.term()
                  && state.votedFor().orElseThrow().equals(to.node())),
          "I9",
          () -> from + " votes for " + to + " before that is durable");
      vote(from, response.term(), to);
    } else if (message instanceof AppendAccepted accepted) {
      check(
          state.term() > accepted.term() || disk.durableEntries().size() >= accepted.matchIndex(),
          "I9",
          () -> from + " acknowledges " + accepted + " with " + disk.durableEntries().size());
    }
  }

  private void vote(MemberId voter, long term, MemberId candidate) {
    MemberId other = votes.putIfAbsent(voter + " in " + term, candidate);
    check(
        other == null || other.equals(candidate),
        "I8",
        () -> voter + " votes for " + candidate + " and " + other + " in term " + term);
  }

  /** I8: durable terms rise, and a durable vote stays. */
  void forced(NodeId id) {
    stored(disk(id).durableEntries());
    HardState now = disk(id).durableState();
    HardState before = lastDurable.put(id, now);
    if (before != null) {
      check(now.term() >= before.term(), "I8", () -> id + " forgets term " + before.term());
      check(
          now.term() > before.term() || before.votedFor().isEmpty() || before.equals(now),
          "I8",
          () -> id + " changes its vote");
    }
  }

  static void check(boolean holds, String invariant, Supplier<String> message) {
    if (!holds) {
      throw new AssertionError(invariant + ": " + message.get());
    }
  }
}
