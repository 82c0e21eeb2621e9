package dev.quorate.raft.engine.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import dev.quorate.raft.engine.disk.LogImage;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.AppendAccepted;
import dev.quorate.raft.engine.message.Message.AppendRequest;
import dev.quorate.raft.engine.message.Message.Freshness;
import dev.quorate.raft.engine.message.Message.Heartbeat;
import dev.quorate.raft.engine.message.Message.HeartbeatResponse;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.Message.VoteResponse;
import dev.quorate.raft.engine.message.Peer;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One core, n1, alone in virtual time. Whoever uses it is the network, the disk and the other
 * nodes: every input is a turn of its own, a message that waits for a write is {@link #sent} only
 * after {@link #persist}. The state machine and reads of the log answer at once unless told not to.
 */
final class CoreDriver {

  static final long MILLI = 1_000_000;

  /** Entries of {@link #entry} have 100 bytes: ten fill a message, thirty a window. */
  static final CoreSettings SETTINGS =
      new CoreSettings(
          50 * MILLI, 300 * MILLI, 600 * MILLI, 1_000, 3_000, 5_000, 4, 1_000_000, 1_000_000);

  static final int PAYLOAD_BYTES = 60;

  private final CoreSettings settings;
  private final LogEntry bootstrap;
  private final Effects effects = new Effects();
  private final LogImage durable = new LogImage();
  private final LogImage written = new LogImage();
  private final ArrayDeque<WriteBatch> unforced = new ArrayDeque<>();
  private final List<Effects.Send> sent = new ArrayList<>();
  private final List<Effects.Send> gated = new ArrayList<>();
  private final List<Effects.Apply> applies = new ArrayList<>();
  private final List<Effects.LogRead> logReads = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();
  private final List<SnapshotTask> snapshotTasks = new ArrayList<>();
  private SnapshotSettings snapshots = SnapshotSettings.ON_DEMAND;
  private Optional<StoredSnapshot> stored = Optional.empty();
  private Optional<StoredSnapshot> fetched = Optional.empty();
  private boolean holdApplies;
  private boolean holdLogReads;
  private long nanos = 1_000_000 * MILLI;
  private long boot = 1_000;
  private RaftCore core;

  /** One input to the core. */
  @FunctionalInterface
  interface Input {
    void run(RaftCore core, Time now, Effects effects);
  }

  private CoreDriver(CoreSettings settings, Configuration configuration, HardState hardState) {
    this.settings = settings;
    this.bootstrap = configurationEntry(1, 0, configuration);
    durable.hardState(hardState);
    durable.append(bootstrap);
  }

  /** A new member of a group of that many voters, n1 to n{@code voters}. */
  static CoreDriver voters(int voters) {
    return voters(voters, SETTINGS);
  }

  static CoreDriver voters(int voters, CoreSettings settings) {
    return recovered(configuration(voters), settings, HardState.INITIAL);
  }

  /** A member with a log: the bootstrap entry with that configuration, then the entries. */
  static CoreDriver recovered(
      Configuration configuration, CoreSettings settings, HardState state, LogEntry... entries) {
    CoreDriver driver = new CoreDriver(settings, configuration, state);
    Arrays.asList(entries).forEach(driver.durable::append);
    driver.restart();
    return driver;
  }

  /** A node with an empty log that was told by the committed configuration of an index. */
  static CoreDriver newcomer(Configuration founders, long index, Configuration told) {
    CoreDriver driver = new CoreDriver(SETTINGS, founders, HardState.INITIAL);
    driver.durable.become(new LogImage());
    driver.core =
        new RaftCore(
            driver.self(),
            SETTINGS,
            driver.snapshots,
            Beginning.newcomer(
                HardState.INITIAL,
                driver.bootstrap,
                new MembershipNotice(driver.boot, index, told)),
            new SplittableRandom(1),
            driver.now());
    driver.turn((running, now, out) -> {});
    return driver;
  }

  static Configuration configuration(int voters) {
    return Configuration.ofVoters(new ClusterId(1, 2), members(1, voters));
  }

  static List<Member> members(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(CoreDriver::member).toList();
  }

  static Member member(int number) {
    return new Member(
        NodeId.of("n" + number), 100 + number, new Address("host" + number, 7_000 + number));
  }

  /** A peer in its first boot. */
  static Peer peer(String id) {
    int number = Integer.parseInt(id.substring(1));
    return new Peer(NodeId.of(id), 100 + number, 2_000 + number);
  }

  static LogEntry entry(long index, long term) {
    return LogEntry.of(
        LogEntry.Type.COMMAND, index, term, 0, 0, ByteBuffer.allocate(PAYLOAD_BYTES));
  }

  static LogEntry[] entries(long first, long last, long term) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = first; index <= last; index++) {
      entries.add(entry(index, term));
    }
    return entries.toArray(new LogEntry[0]);
  }

  static LogEntry configurationEntry(long index, long term, Configuration configuration) {
    return LogEntry.of(
        LogEntry.Type.CONFIGURATION, index, term, 0, 0, ConfigurationCodec.encode(configuration));
  }

  /** The process ends and starts again; what was not forced is lost. */
  void restart() {
    unforced.clear();
    gated.clear();
    written.become(durable);
    boot++;
    Optional<LogEntry> last = durable.entries().stream().reduce((earlier, later) -> later);
    core =
        new RaftCore(
            self(),
            settings,
            snapshots,
            Beginning.recovered(durable.recovered(), last, stored),
            new SplittableRandom(1),
            now());
    turn((running, now, out) -> {});
  }

  Peer self() {
    return new Peer(NodeId.of("n1"), 101, boot);
  }

  Time now() {
    return new Time(nanos, nanos / MILLI);
  }

  CoreView view() {
    return core.view(now());
  }

  long nextWakeUp() {
    return core.nextWakeUp();
  }

  /** How the leader sees a peer. */
  PeerStatus progress(String id) {
    return view().peers().stream()
        .filter(status -> status.node().value().equals(id))
        .findFirst()
        .orElseThrow();
  }

  void turn(Input input) {
    input.run(core, now(), effects);
    core.endTurn(now(), effects);
    List<Effects.Apply> newApplies = List.copyOf(effects.applies());
    List<Effects.LogRead> newReads = List.copyOf(effects.logReads());
    effects.write().ifPresent(this::write);
    for (Effects.Send send : effects.sends()) {
      (send.afterWrite() == Effects.AT_ONCE ? sent : gated).add(send);
    }
    completions.addAll(effects.completions());
    List<SnapshotTask> newTasks = List.copyOf(effects.snapshotTasks());
    snapshotTasks.addAll(newTasks);
    applies.addAll(newApplies);
    logReads.addAll(newReads);
    effects.clear();
    if (!holdApplies) {
      for (SnapshotTask task : newTasks) {
        if (task instanceof SnapshotTask.Restore restore) {
          applied(restore.id().index());
        }
      }
    }
    if (!holdApplies && !newApplies.isEmpty()) {
      applied(newApplies.get(newApplies.size() - 1).entry().index());
    }
    if (!holdLogReads) {
      newReads.forEach(this::answerLogRead);
    }
  }

  private void write(WriteBatch batch) {
    unforced.add(batch);
    batch.records().forEach(written::apply);
  }

  // The disk

  /** Forces everything that was written, again and again until nothing more is written. */
  CoreDriver persist() {
    while (!unforced.isEmpty()) {
      persistNext();
    }
    return this;
  }

  /** Forces the oldest batch. */
  void persistNext() {
    WriteBatch batch = unforced.remove();
    batch.records().forEach(durable::apply);
    if (batch.records().stream().anyMatch(WriteRecord.InstallSnapshot.class::isInstance)) {
      stored = fetched;
    }
    turn((running, now, out) -> running.onPersisted(batch.sequence(), now, out));
    List<Effects.Send> ready =
        gated.stream().filter(send -> send.afterWrite() <= batch.sequence()).toList();
    gated.removeAll(ready);
    sent.addAll(ready);
  }

  /** The batches that wait to be forced, oldest first. */
  List<WriteBatch> unforced() {
    return List.copyOf(unforced);
  }

  HardState durableState() {
    return durable.hardState();
  }

  void holdLogReads() {
    holdLogReads = true;
  }

  /** All requests to read the log so far. */
  List<Effects.LogRead> logReads() {
    return logReads;
  }

  void answerLogRead(Effects.LogRead read) {
    List<LogEntry> found = written.read(read.from(), read.to(), read.maxBytes());
    turn((running, now, out) -> running.onLogRead(read.token(), found));
  }

  // The state machine

  void holdApplies() {
    holdApplies = true;
  }

  void applied(long index) {
    turn((running, now, out) -> running.onApplied(index));
  }

  /** All that was handed to the state machine so far. */
  List<Effects.Apply> applies() {
    return applies;
  }

  List<Long> appliedIndexes() {
    return applies.stream().map(apply -> apply.entry().index()).toList();
  }

  // Snapshots

  /** When snapshots are taken, from the next start on. */
  CoreDriver snapshots(SnapshotSettings when) {
    snapshots = when;
    restart();
    return this;
  }

  /** What the core wanted to be done about snapshots since this was asked last. */
  List<SnapshotTask> takeSnapshotTasks() {
    List<SnapshotTask> taken = List.copyOf(snapshotTasks);
    snapshotTasks.clear();
    return taken;
  }

  /** A snapshot of another node at an index. */
  StoredSnapshot snapshot(long index, long term) {
    return new StoredSnapshot(
        new SnapshotId(99, index, term, 1_000, 7),
        new SnapshotMetadata(index, term, 5_000, bootstrap, bootstrap));
  }

  /** The snapshot that was asked for is durable, at what is applied. */
  StoredSnapshot taken() {
    long index = view().appliedIndex();
    long term =
        written.entries().stream()
            .filter(entry -> entry.index() == index)
            .findFirst()
            .orElseThrow()
            .term();
    return taken(snapshot(index, term));
  }

  StoredSnapshot taken(StoredSnapshot snapshot) {
    stored = Optional.of(snapshot);
    turn((running, now, out) -> running.onSnapshotTaken(snapshot, now, out));
    return snapshot;
  }

  /** A snapshot of another node is on this node's disk. */
  void fetched(StoredSnapshot snapshot) {
    fetched = Optional.of(snapshot);
    turn((running, now, out) -> running.onSnapshotFetched(snapshot, now, out));
  }

  /** Another node could not fetch a snapshot from here to its end. */
  void snapshotDamaged(StoredSnapshot snapshot) {
    turn((running, now, out) -> running.onSnapshotDamaged(snapshot.id()));
  }

  void snapshotFails(String reason, boolean forever) {
    turn((running, now, out) -> running.onSnapshotFailed(reason, forever, now, out));
  }

  void wantSnapshot(long number) {
    turn((running, now, out) -> running.onSnapshotRequest(number, out));
  }

  /** What the log holds, written or not yet forced. */
  LogImage log() {
    return written;
  }

  // The clock

  /** Time passes without anything being noticed. */
  void pass(long millis) {
    nanos += millis * MILLI;
  }

  /** The time comes that the core has asked for. */
  void wake() {
    nanos = Math.max(nanos, core.nextWakeUp());
    turn((running, now, out) -> running.onWakeUp(now, out));
  }

  /** Time passes, and the core is woken then. */
  void wakeAfter(long millis) {
    pass(millis);
    turn((running, now, out) -> running.onWakeUp(now, out));
  }

  // Calls of this process

  void command(long number) {
    turn(
        (running, now, out) ->
            running.onCommand(
                number, Proposal.command(ByteBuffer.allocate(PAYLOAD_BYTES)), now, out));
  }

  void read(long number) {
    read(number, ReadConsistency.LINEARIZABLE);
  }

  void read(long number, ReadConsistency consistency) {
    turn((running, now, out) -> running.onRead(number, consistency, now, out));
  }

  void transfer(long number, String target, long millis) {
    turn(
        (running, now, out) ->
            running.onTransfer(number, NodeId.of(target), nanos + millis * MILLI, now, out));
  }

  /** Asks for a change of membership, with a minute to wait. */
  void change(long number, MembershipChange... wishes) {
    changeIf(number, 0, wishes);
  }

  void changeIf(long number, long version, MembershipChange... wishes) {
    turn(
        (running, now, out) ->
            running.onChange(number, version, List.of(wishes), now.nanos() + 60_000 * MILLI, out));
  }

  /** How the change of that number ended; it must have. */
  MembershipOutcome takeChange(long number) {
    List<Completion> ends = completions.stream().filter(end -> end.number() == number).toList();
    assertThat(ends).as("the end of change %s", number).hasSize(1);
    completions.removeAll(ends);
    return ((Completion.Change) ends.get(0)).outcome();
  }

  /** All ends of calls since this was asked last. */
  List<Completion> takeCompletions() {
    List<Completion> taken = List.copyOf(completions);
    completions.clear();
    return taken;
  }

  // The network

  void deliver(String from, Message message) {
    deliver(peer(from), message);
  }

  void deliver(Peer from, Message message) {
    turn((running, now, out) -> running.onMessage(from, message, now, out));
  }

  /** Everything that was sent and not taken, oldest first. */
  List<Effects.Send> sent() {
    return sent;
  }

  /** Takes the messages of a kind to a node out of what was sent. */
  <M extends Message> List<M> take(String to, Class<M> type) {
    List<Effects.Send> taken =
        sent.stream()
            .filter(send -> send.to().value().equals(to) && type.isInstance(send.message()))
            .toList();
    sent.removeAll(taken);
    return taken.stream().map(send -> type.cast(send.message())).toList();
  }

  /** Takes the one message of a kind to a node. */
  <M extends Message> M takeOne(String to, Class<M> type) {
    List<M> taken = take(to, type);
    assertThat(taken).as("messages to %s", to).hasSize(1);
    return taken.get(0);
  }

  /** An answer without what it says of time, which is the business of few tests. */
  static HeartbeatResponse untimed(HeartbeatResponse answer) {
    return new HeartbeatResponse(
        answer.term(),
        answer.round(),
        answer.receivedIndex(),
        answer.matchIndex(),
        answer.hasSpace());
  }

  void forgetSent() {
    sent.clear();
  }

  // Ways into a role

  List<String> others() {
    return view().configuration().members().stream()
        .map(member -> member.id().value())
        .filter(id -> !id.equals("n1"))
        .toList();
  }

  /** No leader is heard of for long enough: asks for pre-votes. */
  CoreDriver timeOut() {
    wakeAfter(601);
    return this;
  }

  /** Stands for election in the next term; own term and vote are written, not durable. */
  CoreDriver stand() {
    timeOut();
    long term = view().term() + 1;
    others().forEach(id -> deliver(id, new VoteResponse(term, true, true)));
    assertThat(view().role()).isEqualTo(Role.CANDIDATE);
    return this;
  }

  /** Leads the next term; its no-op is durable here and nowhere else. */
  CoreDriver lead() {
    stand().persist();
    others().forEach(id -> deliver(id, new VoteResponse(view().term(), false, true)));
    assertThat(view().role()).isEqualTo(Role.LEADER);
    persist();
    forgetSent();
    return this;
  }

  /** Leads the next term with everything acknowledged by everybody, committed and applied. */
  CoreDriver leadAll() {
    lead();
    acceptAll();
    assertThat(view().commitIndex()).isEqualTo(view().lastIndex());
    forgetSent();
    return this;
  }

  void acceptAll() {
    long last = view().lastIndex();
    others().forEach(id -> accept(id, last));
  }

  void accept(String from, long match) {
    deliver(from, new AppendAccepted(view().term(), match, false, true));
  }

  /** The next round of heartbeats is due. */
  void beat() {
    wakeAfter(50);
  }

  /** All answer the newest heartbeat as followers that have nothing new. */
  void answerHeartbeats(String... from) {
    for (String id : from) {
      List<Heartbeat> beats = take(id, Heartbeat.class);
      Heartbeat last = beats.get(beats.size() - 1);
      long match = progress(id).matchIndex();
      deliver(id, new HeartbeatResponse(last.term(), last.round(), match, match, true));
    }
  }

  /** Follows a leader in a term, which is durable here. */
  CoreDriver follow(String leader, long term) {
    deliver(leader, new Heartbeat(term, 1, 0, 1, 0, Freshness.NONE));
    persist();
    forgetSent();
    return this;
  }

  void append(
      String leader, long term, long prevIndex, long prevTerm, long commit, LogEntry... entries) {
    deliver(leader, new AppendRequest(term, prevIndex, prevTerm, commit, Arrays.asList(entries)));
  }

  void heartbeat(String leader, long term, long commit, long match, long round) {
    deliver(leader, new Heartbeat(term, commit, match, round, 0, Freshness.NONE));
  }
}
