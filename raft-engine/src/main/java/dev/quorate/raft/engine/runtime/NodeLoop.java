package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeCondition.Degraded;
import dev.quorate.raft.api.NodeCondition.Fault;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Time;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.engine.message.Message.SnapshotTransfer;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One group on this node: feeds {@link Consensus} turn by turn and carries out what it wants. All
 * fields that are not final belong to the mailbox's turns, unless they are volatile.
 *
 * <p>A turn feeds what came in, in this order: events of this node (writes and applies that are
 * done, timers), messages of peers, calls; then deadlines; then it ends the turn and carries out
 * its effects in the order that {@link dev.quorate.raft.engine.core} promises.
 *
 * <p>A node that is halted, because its storage failed or the engine itself did, feeds nothing any
 * more: it does not vote and does not serve, but says why. So does a closed one.
 */
final class NodeLoop implements LogWriter.Client, Applier.Listener, FrameGate.Inlet {

  private static final System.Logger LOG = System.getLogger(NodeLoop.class.getName());

  private static final int EVENTS = 0;
  private static final int MESSAGES = 1;
  private static final int CALLS = 2;
  private static final int LANES = 3;

  /** What a message costs besides its bytes, about. */
  private static final int MESSAGE_OVERHEAD = 256;

  private static final String CLOSED = "the node is closed";

  private final Host host;
  private final EngineSettings settings;
  private final NodeOptions options;
  private final GroupLog log;
  private final DiskContent disk;
  private final Mailbox mailbox;
  private final Calls calls;
  private final Outbound outbound;
  private final SnapshotActors snapshots;
  private final Applier applier;
  private final LogReader reader;
  private final Execution execution;
  private final WakeUp wakeUp;
  private final StatusBoard board;
  private final Measuring measuring;
  private final InboxBytes inbox;
  private final Effects effects = new Effects();
  private final Consensus consensus;

  private Time now = new Time(0, 0);
  private Map<NodeId, Address> peers = Map.of();
  private Optional<Degraded> fault = Optional.empty();
  private boolean started;
  private Optional<Leaving> leaving = Optional.empty();
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile ClusterId clusterId = ClusterId.NONE;

  /** The node is closing; it hands the leadership over until that deadline at most (rule P19). */
  private record Leaving(long deadlineNanos, CompletableFuture<Void> stopped) {}

  NodeLoop(Host host, NodeOptions options, EngineSettings settings, Callbacks callbacks)
      throws IOException {
    Environment environment = host.environment();
    Peer self = host.self();
    this.host = host;
    this.settings = settings.within(host.reserveBytes());
    this.options = options;
    this.inbox = new InboxBytes(host.inboxBytes());
    RaftMetrics metrics = host.guarded(options.metrics());
    Host.GroupDisk opened = host.openDisk(settings.group());
    this.log = opened.log();
    SnapshotFiles files =
        new SnapshotFiles(opened.snapshots(), self.boot(), settings.snapshots().keep(), host.log());
    this.disk = DiskContent.read(log, files);
    this.mailbox = new Mailbox(environment.executor(), LANES, this::begin, this::end, this::halt);
    this.calls = new Calls(settings.maxPendingCalls(), callbacks);
    this.outbound =
        new Outbound(
            self, settings.group(), host.transport(), settings.maxFrameBytes(), host.log());
    this.board =
        new StatusBoard(
            self.id(),
            options.cluster(),
            settings,
            new NodeCondition.Forming(List.of()),
            host.log(),
            callbacks);
    this.snapshots =
        new SnapshotActors(
            files,
            outbound,
            settings,
            host,
            metrics,
            new SnapshotReports(this::inTurn, board, this::onFault));
    SessionState sessions = new SessionState(metrics);
    this.applier =
        new Applier(
            options.stateMachine(),
            new ReplicatedState(options.stateMachine(), List.of(sessions), options.level()),
            sessions,
            files,
            snapshots.snapshotter(),
            calls,
            outbound,
            settings.maxResultBytes(),
            host,
            this);
    this.reader = new LogReader(log, environment, this::onLogRead, this::onFault);
    this.execution =
        new Execution(settings.group(), outbound, host.writer(), applier, reader, snapshots, calls);
    Consumer<Runnable> turns = task -> mailbox.post(EVENTS, task);
    this.wakeUp = new WakeUp(environment, turns);
    this.measuring = new Measuring(metrics);
    GroupRest rest = new GroupRest(host, this.settings, turns, calls::pending);
    this.consensus = new Consensus(self, this.settings, options, host, effects, rest, turns);
  }

  StatusBoard board() {
    return board;
  }

  /** Whether the caller is the state machine, for which waiting for the node would never end. */
  boolean isCalledByStateMachine() {
    return applier.isCaller();
  }

  /**
   * Begins: with the log that is there, or by forming a cluster. Nothing else runs yet, so that the
   * caller's thread may do it, and whoever asks the node afterwards is told what is true.
   */
  void start() {
    begin();
    try {
      startFromDisk();
    } catch (RuntimeException e) {
      halt(e);
    }
    // The writer first: it must know the group before the first batch comes.
    host.writer().add(settings.group(), this);
    host.gate().open(settings.group(), this);
    mailbox.post(EVENTS, () -> {});
  }

  private void startFromDisk() {
    if (disk.hindrance().isPresent()) {
      Hindrance hindrance = disk.hindrance().get();
      halt(hindrance.condition(), hindrance.thrown().orElse(null));
      return;
    }
    if (disk.isEmpty()) {
      consensus.startForming(log.recovered().hardState(), now);
    } else {
      consensus.startFromDisk(disk.beginning().orElseThrow(), now);
      becomeMember();
    }
    started = true;
    setPeers();
    if (consensus.hasCore() && !options.joins() && !peers.equals(options.addresses())) {
      LOG.log(
          Level.INFO,
          "the cluster''s members are {0}; the list given at start, {1}, does not change that",
          peers,
          options.addresses());
    }
    show();
  }

  /** From now on there is a core. */
  private void becomeMember() {
    consensus.look(now);
    clusterId = consensus.view().orElseThrow().configuration().clusterId();
    outbound.clusterId(clusterId);
    LOG.log(Level.INFO, "{0} takes part in cluster {1}", board.name(), clusterId);
    List<Call<?>> waiting = calls.all();
    waiting.sort(Comparator.comparingLong(Call::number));
    waiting.forEach(this::handOver);
  }

  // What comes in. Each of these may be called by any thread.

  @Override
  public ClusterId clusterId() {
    return clusterId;
  }

  @Override
  public void deliver(Peer from, Message message, int bytes) {
    long cost = bytes + MESSAGE_OVERHEAD;
    if (!inbox.take(cost)) {
      measuring.droppedMessage();
      host.log().warn("inbox full", "dropped messages: more come in than this node can take");
      return;
    }
    mailbox.post(
        MESSAGES,
        () -> {
          inbox.give(cost);
          if (message instanceof SnapshotTransfer transfer) {
            snapshots.onMessage(from, transfer);
          } else {
            consensus.onMessage(from, message, now);
          }
        });
  }

  @Override
  public void connectionLost(NodeId peer) {
    mailbox.post(EVENTS, () -> consensus.onConnectionLost(peer, now));
  }

  @Override
  public void peerGone(NodeId peer) {
    mailbox.post(
        EVENTS,
        () -> {
          board.peerGone(peer, now);
          consensus.onPeerGone(peer, now);
        });
  }

  @Override
  public GroupLog log() {
    return log;
  }

  @Override
  public void onPersisted(long sequence) {
    mailbox.post(
        EVENTS,
        () -> {
          // First what was promised for this write, then what consensus makes of it.
          execution.onPersisted(sequence);
          consensus.onPersisted(sequence, now);
        });
  }

  @Override
  public void onSpace(boolean hasSpace) {
    mailbox.post(EVENTS, () -> consensus.onSpace(hasSpace, now));
  }

  @Override
  public void onStorageFailed(String reason, Throwable cause) {
    mailbox.post(EVENTS, () -> halt(new Degraded(Fault.HALTED, reason), cause));
  }

  @Override
  public void onApplied(Applied applied) {
    mailbox.post(EVENTS, () -> consensus.onApplied(applied));
  }

  @Override
  public void onApplyFailed(String reason, Throwable cause) {
    mailbox.post(
        EVENTS,
        () -> {
          board.cause(cause);
          consensus.onApplyFailed(reason, now);
          // Nothing is applied here any more, so that nothing is worth waiting for.
          calls.all().forEach(call -> giveUpDegraded(call, reason));
        });
  }

  @Override
  public void onSnapshotFailed(String reason, boolean forever) {
    mailbox.post(EVENTS, () -> consensus.onSnapshotFailed(reason, forever, now));
  }

  @Override
  public void onFault(Throwable cause) {
    mailbox.post(EVENTS, () -> halt(cause));
  }

  private void inTurn(BiConsumer<Consensus, Time> report) {
    mailbox.post(EVENTS, () -> report.accept(consensus, now));
  }

  private void giveUpDegraded(Call<?> call, String reason) {
    consensus.onDeadline(call, now);
    calls.abandon(call, RejectReason.DEGRADED, reason);
  }

  private void onLogRead(long token, List<LogEntry> entries) {
    mailbox.post(EVENTS, () -> consensus.onLogRead(token, entries));
  }

  /** Takes a user's call, or refuses it. */
  <T> CompletableFuture<T> offer(Call<T> call) {
    if (closing) {
      return CompletableFuture.completedFuture(call.refused(RejectReason.CLOSED, CLOSED));
    }
    if (!calls.reserve()) {
      measuring.refusedCall();
      return CompletableFuture.completedFuture(
          call.refused(
              RejectReason.OVER_LIMIT,
              settings.maxPendingCalls() + " calls are under way already"));
    }
    mailbox.post(CALLS, () -> take(call));
    if (closing && calls.withdraw(call)) {
      // The executor may have ended without running that task.
      return CompletableFuture.completedFuture(call.refused(RejectReason.CLOSED, CLOSED));
    }
    return call.future();
  }

  private void take(Call<?> call) {
    NodeCondition condition = condition();
    if (closing) {
      calls.refuse(call, RejectReason.CLOSED, CLOSED);
    } else if (condition instanceof Degraded degraded) {
      calls.refuse(call, RejectReason.DEGRADED, degraded.message());
    } else if (consensus.hasCore() && condition instanceof NodeCondition.NotAMember stranger) {
      calls.refuse(call, RejectReason.NOT_A_MEMBER, stranger.message());
    } else if (calls.add(call)) {
      if (consensus.hasCore()) {
        handOver(call);
      } else if (call instanceof Call.Transfer || call instanceof Call.TakeSnapshot) {
        calls.abandon(call, RejectReason.NOT_A_MEMBER, Checkup.waitsFor(consensus.condition()));
      }
    }
  }

  /** Gives a call to the core, unless it is too late for that: then it certainly is not done. */
  private void handOver(Call<?> call) {
    if (call.deadlineNanos() <= now.nanos()) {
      calls.abandon(
          call, RejectReason.TIMED_OUT, "its deadline passed before this node came to it");
    } else {
      consensus.onCall(call, now);
    }
  }

  // The turn.

  private void begin() {
    now = host.now();
    consensus.begin(now);
  }

  private void end() {
    if (isRunning()) {
      List<Call<?>> expired = calls.expired(now.nanos());
      expired.forEach(call -> consensus.onDeadline(call, now));
      consensus.endTurn(now);
      execution.carryOut(effects);
      expired.forEach(this::giveUp);
      if (consensus.startFormed(now)) {
        becomeMember();
        // The core's first turn, with the calls that waited for it.
        mailbox.post(EVENTS, () -> {});
      }
      consensus.look(now);
      setPeers();
      long leaveBy = leaving.map(Leaving::deadlineNanos).orElse(Long.MAX_VALUE);
      wakeUp.at(
          Math.min(leaveBy, Math.min(consensus.nextWakeUp(), calls.nextDeadline())), now.nanos());
    }
    if (leaving.isPresent() && !closed && !isHandingOver(leaving.get())) {
      stop(leaving.get().stopped());
    }
    if (started || closed || fault.isPresent()) {
      // Earlier, a node that does nothing yet would look like a working one.
      show();
    }
  }

  private void show() {
    NodeCondition condition = condition();
    board.publish(consensus, condition, now);
    measuring.look(consensus.view(), condition, calls.pending(), inbox.waiting(), now.nanos());
  }

  private boolean isHandingOver(Leaving until) {
    return isRunning() && consensus.isHandingOver() && now.nanos() < until.deadlineNanos();
  }

  private boolean isRunning() {
    return started && !closed && fault.isEmpty();
  }

  /**
   * Ends a call whose deadline passed and that the core did not end: the core never had it, or has
   * handed it to the state machine already.
   */
  private void giveUp(Call<?> call) {
    if (call.isHandedOver()) {
      calls.abandon(
          call,
          RejectReason.TIMED_OUT,
          "the state machine had not come to it when its deadline passed");
    } else {
      calls.abandon(call, RejectReason.NOT_A_MEMBER, Checkup.waitsFor(consensus.condition()));
    }
  }

  /** Tells the transport where the members are, if that changed. */
  private void setPeers() {
    Map<NodeId, Address> current = consensus.addresses();
    if (!current.equals(peers)) {
      peers = current;
      host.setPeers(settings.group(), current);
    }
  }

  private NodeCondition condition() {
    if (closed) {
      return new NodeCondition.Closed();
    }
    return fault.isPresent() ? fault.get() : consensus.condition();
  }

  // Ends.

  private void halt(Throwable cause) {
    halt(new Degraded(Fault.HALTED, "the node failed: " + cause), cause);
  }

  private void halt(Degraded degraded, Throwable cause) {
    if (closed || fault.isPresent()) {
      return;
    }
    board.cause(cause);
    fault = Optional.of(degraded);
    try {
      stopFeeding(RejectReason.DEGRADED, degraded.message());
    } finally {
      // Here and not only at the end of the turn, which may be what failed.
      show();
      // Whoever waits for the end waits for another turn.
      mailbox.post(EVENTS, () -> {});
    }
  }

  private void stopFeeding(RejectReason reason, String message) {
    consensus.stop();
    effects.clear();
    execution.forget();
    wakeUp.cancel();
    calls.all().forEach(call -> calls.abandon(call, reason, message));
  }

  /**
   * Takes no more calls, hands the leadership over if that is possible, and stops: pending calls
   * end, and the state machine is not called any more.
   */
  CompletableFuture<Void> close() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    closing = true;
    mailbox.post(
        EVENTS,
        () -> {
          leaving =
              Optional.of(new Leaving(now.nanos() + settings.core().electionMaxNanos(), stopped));
          consensus.onClosing(now);
        });
    return stopped;
  }

  private void stop(CompletableFuture<Void> stopped) {
    closed = true;
    try {
      host.gate().close(settings.group());
      stopFeeding(RejectReason.CLOSED, CLOSED);
    } finally {
      // Behind every call that was offered, so that each is refused while there are threads.
      applier.stop(
          () ->
              reader.stop(
                  () -> snapshots.stop(() -> mailbox.post(CALLS, () -> stopped.complete(null)))));
    }
  }
}
