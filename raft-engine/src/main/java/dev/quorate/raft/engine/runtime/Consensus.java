package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeCondition.Fault;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Beginning;
import dev.quorate.raft.engine.core.CoreHealth;
import dev.quorate.raft.engine.core.CoreView;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.MembershipView;
import dev.quorate.raft.engine.core.RaftCore;
import dev.quorate.raft.engine.core.StoredSnapshot;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.core.Validation;
import dev.quorate.raft.engine.formation.Formation;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a node loop feeds: {@link Formation} until there is a log, then {@link RaftCore}, and after
 * {@link #stop} nothing. Only for the node loop's turns.
 */
final class Consensus {

  private final Peer self;
  private final EngineSettings settings;
  private final NodeOptions options;
  private final Host host;
  private final Environment environment;
  private final Consumer<Runnable> turns;
  private final Validation validation;
  private final Effects effects;
  private final GroupRest rest;

  /** Where those are who may be members, as this node was told from outside of its log. */
  private SortedMap<NodeId, Address> contacts;

  private Optional<Formation> formation = Optional.empty();
  private Optional<MemberFinder> finder = Optional.empty();
  private Optional<RaftCore> core = Optional.empty();
  private Optional<CoreView> view = Optional.empty();
  private Optional<CoreHealth> health = Optional.empty();
  private Optional<Placed> placed = Optional.empty();
  private Optional<String> applyFault = Optional.empty();

  private ClusterSettings shared = ClusterSettings.NONE;
  private HardState emptyLogsState = HardState.INITIAL;

  /** Until the log writer has said otherwise nothing is promised, and no command is written. */
  private boolean hasSpace;

  /**
   * Where everybody is, and what of the core's view that was made of: most turns change nothing.
   */
  private record Placed(MembershipView of, List<NodeId> wiped, Map<NodeId, Address> addresses) {
    private boolean isOf(CoreView seen) {
      return of == seen.membership() && wiped.equals(seen.wiped());
    }
  }

  /**
   * Nothing has begun.
   *
   * @param turns run something in a turn of the node loop
   */
  Consensus(
      Peer self,
      EngineSettings settings,
      NodeOptions options,
      Host host,
      Effects effects,
      GroupRest rest,
      Consumer<Runnable> turns) {
    this.self = self;
    this.settings = settings;
    this.options = options;
    this.host = host;
    this.environment = host.environment();
    this.turns = turns;
    this.contacts = options.addresses();
    this.validation = new Validated(options.stateMachine(), host.log());
    this.effects = effects;
    this.rest = rest;
  }

  /** A turn begins. */
  void begin(Time now) {
    rest.begin(core, now);
  }

  /** Begins with an empty log; where that is not all that is empty, the node was let in before. */
  void startForming(HardState hardState, Time now) {
    emptyLogsState = hardState;
    Formation begun =
        options.joins()
            ? Formation.joining(self, options.address(), options.nodes(), environment.random(), now)
            : new Formation(self, options.nodes(), environment.random(), now);
    formation = Optional.of(begun.supporting(options.level()));
    if (options.joins() && !options.askAt().isEmpty()) {
      MemberFinder asking =
          new MemberFinder(
              self.id(),
              settings.group(),
              options.askAt(),
              host.inquiries(),
              turns,
              environment,
              host.log());
      asking.onFound(this::onFound);
      finder = Optional.of(asking);
    }
  }

  /** What was given with an id holds, whatever others say. */
  private void onFound(SortedMap<NodeId, Address> members) {
    contacts = new TreeMap<>(members);
    contacts.putAll(options.addresses());
    formation.ifPresent(waiting -> waiting.contacts(contacts.keySet()));
  }

  private void stopForming() {
    finder.ifPresent(MemberFinder::close);
    finder = Optional.empty();
    formation = Optional.empty();
  }

  /** Begins with what was on the disk. */
  void startFromDisk(Beginning beginning, Time now) {
    startCore(beginning, now);
  }

  /** Goes on with the core, if formation is complete; true if it was just now. */
  boolean startFormed(Time now) {
    Optional<LogEntry> formed = formation.flatMap(Formation::formed);
    Optional<Formation.Admission> admitted = formation.flatMap(Formation::admitted);
    if (formed.isPresent()) {
      startCore(Beginning.formed(emptyLogsState, formed.get(), Formation.RECORD_SEQUENCE), now);
    } else if (admitted.isPresent()) {
      startCore(
          Beginning.newcomer(emptyLogsState, admitted.get().record(), admitted.get().notice()),
          now);
    } else {
      return false;
    }
    return true;
  }

  private void startCore(Beginning beginning, Time now) {
    RaftCore started =
        new RaftCore(
            self,
            settings.core(),
            settings.snapshots().core(),
            beginning,
            environment.random(),
            now);
    started.supports(options.level());
    started.seed(settings.seed());
    started.validateBy(validation);
    started.introduce(options.address(), List.copyOf(contacts.keySet()));
    stopForming();
    core = Optional.of(started);
    if (beginning.log().hardState().term() > 0) {
      started.onRestarted(now);
    }
    if (!hasSpace) {
      started.onSpace(false, now, effects);
    }
  }

  /** Feeds nothing any more; what is shown from now on is a node that takes no part. */
  void stop() {
    rest.stop();
    view = view.map(Consensus::resigned);
    stopForming();
    core = Optional.empty();
  }

  /** Whether there is a core, which takes calls. */
  boolean hasCore() {
    return core.isPresent();
  }

  void onMessage(Peer from, Message message, Time now) {
    core.ifPresent(c -> c.onMessage(from, message, now, effects));
    formation.ifPresent(f -> f.onMessage(from, message, now, effects));
  }

  void onConnectionLost(NodeId peer, Time now) {
    core.ifPresent(c -> c.onConnectionLost(peer, now, effects));
  }

  void onPeerGone(NodeId peer, Time now) {
    core.ifPresent(c -> c.onPeerGone(peer, now, effects));
  }

  void onPersisted(long sequence, Time now) {
    core.ifPresent(c -> c.onPersisted(sequence, now, effects));
    formation.ifPresent(f -> f.onPersisted(sequence, now));
  }

  void onSpace(boolean present, Time now) {
    hasSpace = present;
    core.ifPresent(c -> c.onSpace(present, now, effects));
  }

  void onApplied(Applied applied) {
    shared = applied.settings();
    core.ifPresent(c -> c.onSettings(shared));
    core.ifPresent(c -> c.onApplied(applied.index()));
  }

  /** The settings that all members share, as of what is applied. */
  ClusterSettings shared() {
    return shared;
  }

  void onApplyFailed(String reason, Time now) {
    applyFault = Optional.of(reason);
    core.ifPresent(c -> c.onApplyFailed(reason, now, effects));
  }

  void onSnapshotTaken(StoredSnapshot snapshot, Time now) {
    core.ifPresent(c -> c.onSnapshotTaken(snapshot, now, effects));
  }

  void onSnapshotFailed(String reason, boolean forever, Time now) {
    core.ifPresent(c -> c.onSnapshotFailed(reason, forever, now, effects));
  }

  void onSnapshotDamaged(SnapshotId id) {
    core.ifPresent(c -> c.onSnapshotDamaged(id));
  }

  void onFetchProgress(SnapshotId id, long receivedBytes) {
    core.ifPresent(c -> c.onFetchProgress(id, receivedBytes));
  }

  void onSnapshotFetched(StoredSnapshot snapshot, Time now) {
    core.ifPresent(c -> c.onSnapshotFetched(snapshot, now, effects));
  }

  void onFetchFailed(SnapshotId id, Time now) {
    core.ifPresent(c -> c.onFetchFailed(id, now));
  }

  void onLogRead(long token, List<LogEntry> entries) {
    core.ifPresent(c -> c.onLogRead(token, entries));
  }

  /** Hands a call to the core. */
  void onCall(Call<?> call, Time now) {
    RaftCore target = core.orElseThrow();
    call.handOver();
    if (call instanceof Call.Command command) {
      target.onCommand(call.number(), command.proposal(), now, effects);
    } else if (call instanceof Call.Read read) {
      target.onRead(call.number(), read.consistency(), now, effects);
    } else if (call instanceof Call.Transfer transfer) {
      onTransfer(target, transfer, now);
    } else if (call instanceof Call.TakeSnapshot) {
      target.onSnapshotRequest(call.number(), effects);
    } else if (call instanceof Call.Change change) {
      target.onChange(
          call.number(), change.version(), change.wishes(), call.deadlineNanos(), effects);
    }
  }

  private void onTransfer(RaftCore target, Call.Transfer call, Time now) {
    long deadline = call.deadlineNanos();
    if (call.target().isPresent()) {
      target.onTransfer(call.number(), call.target().get(), deadline, now, effects);
    } else {
      target.onTransferToBest(call.number(), call.resigns(), deadline, now, effects);
    }
  }

  /** The node is about to end. */
  void onClosing(Time now) {
    core.ifPresent(c -> c.onClosing(now, effects));
  }

  /** Whether the leadership is being handed to another node. */
  boolean isHandingOver() {
    return core.isPresent() && core.get().isHandingOver();
  }

  /** A call's deadline has passed. The deadlines of transfers are the core's own. */
  void onDeadline(Call<?> call, Time now) {
    if (call instanceof Call.Command) {
      core.ifPresent(c -> c.onCommandDeadline(call.number(), now, effects));
    } else if (call instanceof Call.Read) {
      core.ifPresent(c -> c.onReadDeadline(call.number(), now, effects));
    } else if (call instanceof Call.TakeSnapshot) {
      core.ifPresent(c -> c.onSnapshotDeadline(call.number(), effects));
    } else if (call instanceof Call.Change) {
      core.ifPresent(c -> c.onChangeDeadline(call.number(), now, effects));
    }
  }

  /** Wakes up what wants to be woken up by now, and ends the turn. */
  void endTurn(Time now) {
    if (now.nanos() >= nextWakeUp()) {
      core.ifPresent(c -> rest.wakeUp(effects));
      finder.ifPresent(f -> f.onWakeUp(now.nanos()));
      formation.ifPresent(f -> f.onWakeUp(now, effects));
    }
    core.ifPresent(c -> c.endTurn(now, effects));
    formation.ifPresent(f -> f.endTurn(now, effects));
  }

  long nextWakeUp() {
    long asks = finder.map(MemberFinder::nextWakeUp).orElse(Long.MAX_VALUE);
    return core.map(RaftCore::nextWakeUp)
        .or(() -> formation.map(waiting -> Math.min(asks, waiting.nextWakeUp())))
        .orElse(Long.MAX_VALUE);
  }

  /** Looks at the core, if there is one; else what was seen last stays. */
  void look(Time now) {
    core.ifPresent(c -> view = Optional.of(c.view(now)));
    core.ifPresent(c -> rest.end(c, view.orElseThrow().role()));
    health = core.map(c -> c.health(now));
  }

  /** What the core found wrong when it was last looked at, if there is one. */
  Optional<CoreHealth> health() {
    return health;
  }

  private static CoreView resigned(CoreView last) {
    return new CoreView(
        Role.FOLLOWER,
        last.term(),
        Optional.empty(),
        last.commitIndex(),
        last.appliedIndex(),
        last.lastIndex(),
        last.durableIndex(),
        last.snapshotIndex(),
        last.configuration(),
        List.of(),
        last.wiped(),
        last.membership().resigned(),
        0,
        0,
        0);
  }

  /**
   * Where everybody is whom this node may have to speak to: the members, and whoever asks from
   * outside for as long as it does. A name that two disks have is where the newer one is.
   */
  Map<NodeId, Address> addresses() {
    if (core.isEmpty()) {
      Map<NodeId, Address> addresses = new TreeMap<>(contacts);
      formation.ifPresent(waiting -> addresses.putAll(waiting.knownMembers()));
      return addresses;
    }
    CoreView seen = view.orElseThrow();
    if (placed.isEmpty() || !placed.get().isOf(seen)) {
      placed = Optional.of(new Placed(seen.membership(), seen.wiped(), addresses(seen)));
    }
    return placed.get().addresses();
  }

  private Map<NodeId, Address> addresses(CoreView seen) {
    Map<NodeId, Address> addresses = new TreeMap<>();
    Configuration configuration = seen.configuration();
    if (!configuration.isMember(self.key())) {
      // The log is behind, and names perhaps nobody of today.
      addresses.putAll(contacts);
    }
    // Until it is committed that somebody left, he may lead, or need what is committed.
    put(addresses, seen.membership().committed());
    put(addresses, configuration);
    seen.membership().told().ifPresent(told -> put(addresses, told));
    for (Member guest : seen.membership().guests()) {
      if (!addresses.containsKey(guest.id())
          || seen.wiped().contains(guest.id())
          || configuration.isMember(guest.key())) {
        addresses.put(guest.id(), guest.address());
      }
    }
    return addresses;
  }

  private static void put(Map<NodeId, Address> addresses, Configuration configuration) {
    for (List<Member> some :
        List.of(configuration.outgoing(), configuration.voters(), configuration.learners())) {
      some.forEach(member -> addresses.put(member.id(), member.address()));
    }
  }

  /** What was seen last. */
  Optional<CoreView> view() {
    return view;
  }

  /** Whether the node can do its work, as of the last look at the core. */
  NodeCondition condition() {
    if (formation.isPresent()) {
      return withTrouble(formation.get().condition());
    }
    if (applyFault.isPresent()) {
      return new NodeCondition.Degraded(Fault.APPLY_FAILED, applyFault.get());
    }
    Optional<String> removed = view.flatMap(seen -> seen.membership().removed());
    if (removed.isPresent()) {
      return new NodeCondition.NotAMember(removed.get());
    }
    return view.flatMap(Consensus::lostMajority)
        .<NodeCondition>map(why -> new NodeCondition.Degraded(Fault.MAJORITY_LOST, why))
        .orElseGet(NodeCondition.Working::new);
  }

  private NodeCondition withTrouble(NodeCondition waiting) {
    String trouble = finder.map(MemberFinder::trouble).orElse("");
    return waiting instanceof NodeCondition.NotAMember outside && !trouble.isEmpty()
        ? new NodeCondition.NotAMember(outside.message() + ". No member was found at " + trouble)
        : waiting;
  }

  /**
   * Too many voters that forgot their votes: the rest must not go on as if they were a majority
   * (P1).
   */
  private static Optional<String> lostMajority(CoreView view) {
    Configuration configuration = view.configuration();
    if (view.leader().isPresent()) {
      // A leader of this term was elected by a majority with the right disks; what is known of
      // others may be old, because followers do not speak to each other.
      return Optional.empty();
    }
    return isLost(configuration.voters(), view.wiped())
            || isLost(configuration.outgoing(), view.wiped())
        ? Optional.of(
            "the disks of "
                + view.wiped()
                + " were wiped, so that no majority of the cluster remembers its log; nothing was"
                + " changed here")
        : Optional.empty();
  }

  private static boolean isLost(List<Member> voters, List<NodeId> wiped) {
    if (wiped.isEmpty()) {
      return false;
    }
    long left = voters.stream().filter(voter -> !wiped.contains(voter.id())).count();
    return !voters.isEmpty() && left <= voters.size() / 2;
  }
}
