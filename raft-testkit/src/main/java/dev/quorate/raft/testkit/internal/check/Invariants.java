package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.trace.ProtocolTrace;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What must hold after every step of a run. */
public final class Invariants {

  private final Ledger ledger = new Ledger();
  private final Map<NodeId, Watched> nodes = new TreeMap<>();
  private final Map<Long, NodeId> leaderOfTerm = new HashMap<>();
  private final Map<Vote, Peer> votes = new HashMap<>();
  private Optional<ProtocolTrace> recording = Optional.empty();

  /** Whom a disk voted for in a term; a candidate is told by its id and its disk. */
  private record Vote(NodeId voter, long incarnation, long term) {}

  private static final class Watched {
    private final WatchedStorage storage;
    private NodeStatus lastView;
    private HardState lastDurable = HardState.INITIAL;
    private long judgedCommit;

    private Watched(WatchedStorage storage) {
      this.storage = storage;
    }
  }

  /** What is judged from now on is also recorded. */
  public void record(ProtocolTrace trace) {
    recording = Optional.of(trace);
  }

  /** A machine of the run. */
  public void watch(NodeId id, WatchedStorage storage) {
    nodes.put(id, new Watched(storage));
  }

  /** What was ever committed. */
  public Ledger ledger() {
    return ledger;
  }

  /** A node begins a new boot: what it had only in memory may be lower now. */
  public void booted(NodeId id) {
    Watched node = nodes.get(id);
    node.lastView = null;
    node.judgedCommit = 0;
    recording.ifPresent(trace -> trace.started(id));
  }

  /** A node's disk was replaced: it is another member now. */
  public void wiped(NodeId id) {
    nodes.get(id).lastDurable = HardState.INITIAL;
  }

  /** After a turn of a node: I1, I3, I4, I6, I7 and I8. */
  public void turned(NodeId id, NodeStatus view) {
    recording.ifPresent(trace -> trace.turned(id, view));
    Watched node = nodes.get(id);
    NodeStatus before = node.lastView;
    if (before != null) {
      Violation.unless(
          view.term() >= before.term()
              && view.commitIndex() >= before.commitIndex()
              && view.appliedIndex() >= before.appliedIndex(),
          "I8",
          () -> id + " goes back from " + before + " to " + view);
    }
    node.lastView = view;
    Violation.unless(
        view.appliedIndex() <= Math.min(view.commitIndex(), view.durableIndex())
            && view.durableIndex() <= view.lastIndex()
            && view.commitIndex() <= view.lastIndex(),
        "I7",
        () -> id + ": applied ≤ commit, durable ≤ last does not hold in " + view);
    if (view.role() == Role.LEADER) {
      NodeId other = leaderOfTerm.putIfAbsent(view.term(), id);
      Violation.unless(
          other == null || other.equals(id),
          "I1",
          () -> id + " and " + other + " lead in term " + view.term());
      if (other == null) {
        ledger.leads(id, view.term(), node.storage.model().writtenEntries());
      }
    }
    // What is committed may still be on its way to this node's disk.
    long to = Math.min(view.commitIndex(), view.durableIndex());
    if (to > node.judgedCommit) {
      ledger.commits(id, view.term(), node.judgedCommit + 1, to, node.storage, storages());
      node.judgedCommit = to;
    }
  }

  private Collection<WatchedStorage> storages() {
    return nodes.values().stream().map(node -> node.storage).toList();
  }

  /** A node's storage forced all that was written: I2 and I8. */
  public void forced(NodeId id) {
    Watched node = nodes.get(id);
    LogModel model = node.storage.model();
    recording.ifPresent(trace -> trace.forced(id, model.durableState(), model.durableEntries()));
    ledger.stored(model.durableEntries());
    HardState now = model.durableState();
    HardState before = node.lastDurable;
    Violation.unless(
        now.term() > before.term()
            || now.term() == before.term() && (before.votedFor().isEmpty() || before.equals(now)),
        "I8",
        () -> id + " goes back from " + before + " to " + now);
    node.lastDurable = now;
  }

  /** A node is about to truncate an entry: I13. */
  public void truncating(NodeId id, LogEntry entry) {
    ledger.truncates(id, entry);
  }

  /** A message leaves: it promises nothing that its sender's disk could still forget (I8, I9). */
  public void sent(Peer from, Peer to, Message message) {
    recording.ifPresent(trace -> trace.sent(from.id(), to.id(), message));
    LogModel disk = nodes.get(from.id()).storage.model();
    long term = disk.durableState().term();
    int lastIndex = disk.durableEntries().size();
    if (message instanceof VoteRequest request && !request.preVote()) {
      promise(term >= request.term(), from, message, disk);
      // Entries of its own term mean that somebody else won and the log named may be truncated: a
      // vote that this late request brings is counted by nobody.
      boolean over = disk.lastDurableTerm() >= request.term();
      promise(
          over || term > request.term() || lastIndex >= request.lastIndex(), from, message, disk);
      vote(from, request.term(), from);
    } else if (message instanceof VoteResponse response
        && response.granted()
        && !response.preVote()) {
      promise(
          term > response.term() || term == response.term() && votedFor(disk.durableState(), to),
          from,
          message,
          disk);
      vote(from, response.term(), to);
    } else if (message instanceof AppendAccepted accepted) {
      promise(term > accepted.term() || lastIndex >= accepted.matchIndex(), from, message, disk);
    } else if (message instanceof HeartbeatResponse response) {
      promise(term > response.term() || lastIndex >= response.matchIndex(), from, message, disk);
    }
  }

  private static boolean votedFor(HardState state, Peer candidate) {
    return state.votedFor().filter(candidate.id()::equals).isPresent();
  }

  private static void promise(boolean durable, Peer from, Message message, LogModel disk) {
    Violation.unless(
        durable, "I9", () -> from.id() + " sends " + message + " with a disk of " + disk);
  }

  private void vote(Peer voter, long term, Peer candidate) {
    Peer now = new Peer(candidate.id(), candidate.incarnation(), 0);
    Peer other = votes.putIfAbsent(new Vote(voter.id(), voter.incarnation(), term), now);
    Violation.unless(
        other == null || other.equals(now),
        "I8",
        () -> voter + " votes for " + now + " and " + other + " in term " + term);
  }
}
