package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.VoteRequest;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import dev.quorate.raft.testkit.internal.storage.WatchedGroup;
import dev.quorate.raft.testkit.internal.trace.ProtocolTrace;
import dev.quorate.raft.testkit.internal.trace.RecordedReads;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What must hold after every step of a run. */
public final class Invariants {

  private static final Set<MemberStatus.Standing> VOTING =
      EnumSet.of(MemberStatus.Standing.VOTER, MemberStatus.Standing.LEAVING_VOTER);

  private final Ledger ledger = new Ledger();
  private final Map<NodeId, Watched> nodes = new TreeMap<>();
  private final NavigableMap<Long, NodeId> leaderOfTerm = new TreeMap<>();
  private final Map<Vote, Peer> votes = new HashMap<>();
  private Optional<ProtocolTrace> recording = Optional.empty();
  private final GroupLevels levels = new GroupLevels();
  private final Quorums quorums =
      new Quorums(
          (disk, index, term) ->
              nodes.get(disk.node()).storage.held(disk.incarnation(), index, term));

  /** Whom a disk voted for in a term; a candidate is told by its id and its disk. */
  private record Vote(NodeId voter, long incarnation, long term) {}

  private static final class Watched {
    private final WatchedGroup storage;
    private NodeStatus lastView;
    private HardState lastDurable = HardState.INITIAL;
    private long judgedCommit;

    /** Whether it had a disk that was replaced before it was ever a member. */
    private boolean hadStranger;

    private Watched(WatchedGroup storage) {
      this.storage = storage;
    }

    private boolean seemsReplaced(long incarnation) {
      return hadStranger || storage.incarnation() != incarnation;
    }
  }

  /** What is judged from now on is also recorded. */
  public void record(ProtocolTrace trace) {
    recording = Optional.of(trace);
  }

  /** The cluster begins with what was committed elsewhere. */
  public void restored(List<LogEntry> log) {
    ledger.restored(log);
    quorums.restored(log.size());
  }

  /** A machine of the run. */
  public void watch(NodeId id, WatchedGroup storage) {
    nodes.put(id, new Watched(storage));
  }

  /** What was ever committed. */
  public Ledger ledger() {
    return ledger;
  }

  /** A node that leads is asked something that only a leader answers. */
  public Reign reign(NodeId id, NodeStatus view) {
    return new Reign(id, view.term(), leaderOfTerm.isEmpty() ? 0 : leaderOfTerm.lastKey());
  }

  /**
   * A linearizable read is asked for at a node: whom to tell of its end, if the run is recorded.
   */
  public Optional<RecordedReads.Read> asked(NodeId id) {
    return recording.map(trace -> trace.asked(id));
  }

  /**
   * Every configuration that may yet decide something: the last one that is committed, and whatever
   * is behind it in any log.
   */
  public Set<Configuration> inForce() {
    Set<Configuration> all = new LinkedHashSet<>();
    Map.Entry<Long, Configuration> last = ledger.configurations().lastEntry();
    if (last != null) {
      all.add(last.getValue());
    }
    for (Watched node : nodes.values()) {
      LogModel model = node.storage.model();
      long from = last == null ? 0 : last.getKey();
      all.addAll(model.durableConfigurations().tailMap(from, false).values());
      all.addAll(model.writtenConfigurations().tailMap(from, false).values());
    }
    return all;
  }

  /**
   * Whether so many of the disks that had a vote there were replaced that the rest must not take
   * itself for a majority (rule P1). Who is far behind may have an old configuration; and a late
   * message of a disk that was replaced before it was let in looks like one of a disk that replaces
   * its successor, until that one is heard again.
   */
  public boolean lostMajority(Membership membership) {
    List<MemberStatus> voters =
        membership.members().stream().filter(it -> VOTING.contains(it.standing())).toList();
    long lost =
        voters.stream().filter(it -> nodes.get(it.node()).seemsReplaced(it.incarnation())).count();
    return lost > 0 && (membership.phase() == Membership.Phase.JOINT || 2 * lost >= voters.size());
  }

  /**
   * A node begins a new boot: what it had only in memory may be lower now.
   *
   * @param level the feature level that its version supports
   */
  public void booted(NodeId id, int level) {
    levels.runs(id, level);
    Watched node = nodes.get(id);
    node.lastView = null;
    node.judgedCommit = 0;
    recording.ifPresent(trace -> trace.started(id));
  }

  /** A member's disk was replaced: the machine is another member from then on. */
  public void wiped(MemberId lost) {
    Watched node = nodes.get(lost.node());
    node.lastDurable = HardState.INITIAL;
    node.hadStranger |= inForce().stream().noneMatch(of -> of.isMember(lost));
  }

  /** After a turn of a node: I1, I3, I4, I6, I7, I8, I10, I11 and P18. */
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
        elected(id, view.term(), node.storage);
      }
    }
    levels.applied(id, view.appliedIndex(), node.storage.model().writtenConfigurations());
    decided(id, before, view);
    // What is committed may still be on its way to this node's disk.
    long to = Math.min(view.commitIndex(), view.durableIndex());
    if (to > node.judgedCommit) {
      List<LogEntry> log = node.storage.model().durableEntries();
      ledger.commits(id, view.term(), node.judgedCommit + 1, to, log);
      node.judgedCommit = to;
    }
    if (view.lastIndex() == view.durableIndex()
        && view.lastIndex() == node.storage.model().durableEntries().size()) {
      long version = view.membership().version();
      quorums.goesBy(id, version, node.storage.model().durableConfigurations());
    }
  }

  private void elected(NodeId id, long term, WatchedGroup storage) {
    MemberId leader = new MemberId(id, storage.incarnation());
    quorums.elected(
        leader,
        term,
        storage.model().writtenConfigurations().lastEntry().getValue(),
        voter -> {
          Peer candidate = votes.get(new Vote(voter.node(), voter.incarnation(), term));
          return candidate != null && candidate.key().equals(leader);
        });
  }

  /**
   * I6: a leader that stays one commits only what it counted itself. Who began to lead within the
   * turn, or ceased to, may have learnt of a commit as well.
   */
  private void decided(NodeId id, NodeStatus before, NodeStatus view) {
    long index = view.commitIndex();
    if (before != null && index == before.commitIndex()) {
      return;
    }
    boolean led = before != null && before.role() == Role.LEADER;
    boolean leads = view.role() == Role.LEADER;
    if (led && (leads || index > quorums.decidedTo())) {
      quorums.decides(id, before.term(), index, inForce(id, before, view));
    } else if (leads && index > quorums.decidedTo()) {
      quorums.decides(id, view.term(), index, inForce(id, view, view));
    } else {
      quorums.learns(id, index);
    }
  }

  /**
   * What it went by in a turn: the last configuration that it had before, and what it has added
   * since, the newest of which may still be on its way to its disk.
   */
  private List<Configuration> inForce(NodeId id, NodeStatus before, NodeStatus view) {
    NavigableMap<Long, Configuration> log = nodes.get(id).storage.model().writtenConfigurations();
    Map.Entry<Long, Configuration> then = log.floorEntry(before.membership().version());
    List<Configuration> all = new ArrayList<>();
    if (then != null) {
      all.add(then.getValue());
    }
    all.addAll(log.tailMap(before.membership().version(), false).values());
    Membership present = view.membership();
    if (present.version() > log.lastKey()) {
      List<Member> voters =
          present.members().stream()
              .filter(member -> member.standing() == MemberStatus.Standing.VOTER)
              .map(it -> new Member(it.node(), it.incarnation(), it.address()))
              .toList();
      all.add(Configuration.ofVoters(log.lastEntry().getValue().clusterId(), voters));
    }
    return all;
  }

  /** A node's storage forced all that was written: I2, I8 and P18. */
  public void forced(NodeId id) {
    Watched node = nodes.get(id);
    LogModel model = node.storage.model();
    recording.ifPresent(
        trace ->
            trace.forced(
                id, model.durableState(), model.durableEntries(), model.durableConfigurations()));
    ledger.stored(model.durableEntries());
    quorums.stored(id, model.durableConfigurations());
    levels.stored(id, model.durableConfigurations());
    HardState now = model.durableState();
    HardState before = node.lastDurable;
    Violation.unless(
        now.term() > before.term()
            || now.term() == before.term() && (before.votedFor().isEmpty() || before.equals(now)),
        "I8",
        () -> id + " goes back from " + before + " to " + now);
    node.lastDurable = now;
  }

  /** A node, in a term, is about to truncate an entry: I13. */
  public void truncating(NodeId id, long term, LogEntry entry) {
    ledger.truncates(id, term, entry);
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
