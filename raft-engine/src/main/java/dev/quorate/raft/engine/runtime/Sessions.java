package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.client.Outlet;
import dev.quorate.raft.engine.client.Patience;
import dev.quorate.raft.engine.client.SessionClient;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.Proposal;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.message.SessionView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The sessions that users of this process have, and what these need of the node: its way to the
 * cluster, its clock and its threads.
 */
final class Sessions {

  static final String NODE_CLOSED = "the node is closed";

  private final Function<Call.Command, CompletableFuture<Outcome>> cluster;
  private final BooleanSupplier stateMachineCalls;
  private final RetryBudget budget;
  private final Environment environment;
  private final CallSettings settings;
  private final Callbacks callbacks;
  private final AtomicLong lastNumber = new AtomicLong();
  private final ConcurrentSkipListMap<Long, LocalSession> open = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Long, SessionOpening> openings =
      new ConcurrentSkipListMap<>();
  private volatile boolean stopped;

  /**
   * No sessions yet.
   *
   * @param cluster takes a call, once
   * @param stateMachineCalls whether the caller is the state machine
   * @param budget what repetitions take from
   */
  Sessions(
      Function<Call.Command, CompletableFuture<Outcome>> cluster,
      BooleanSupplier stateMachineCalls,
      RetryBudget budget,
      Environment environment,
      CallSettings settings,
      Callbacks callbacks) {
    this.cluster = cluster;
    this.stateMachineCalls = stateMachineCalls;
    this.budget = budget;
    this.environment = environment;
    this.settings = settings;
    this.callbacks = callbacks;
  }

  CompletableFuture<SessionOutcome> open(Duration deadline) {
    long number = lastNumber.incrementAndGet();
    SessionOpening opening = new SessionOpening(this, number, deadlineNanos(deadline));
    if (isFull()) {
      return CompletableFuture.completedFuture(
          new SessionOutcome.Refused(RejectReason.OVER_LIMIT, fullMessage()));
    }
    openings.put(number, opening);
    opening.start();
    if (stopped) {
      opening.stop();
    }
    return opening.future();
  }

  private boolean isFull() {
    return open.size() + openings.size() >= maxPending();
  }

  private String fullMessage() {
    return "this process has " + maxPending() + " sessions already";
  }

  /** The cluster has opened a session. */
  Optional<Session> opened(long id, byte[] result) {
    SessionView view;
    try {
      view = SessionCodec.decodeView(result);
    } catch (DecodeException e) {
      throw new IllegalStateException("what the cluster says of session " + id + ": " + e, e);
    }
    return begin(
        new Session.State(id, 1),
        session -> SessionClient.opened(id, view, patience(), environment.nanoTime(), session));
  }

  Session resume(Session.State state) {
    if (isFull()) {
      throw new IllegalStateException(fullMessage());
    }
    return begin(
            state,
            session ->
                SessionClient.resumed(
                    state.id(), state.nextSequence(), patience(), environment.nanoTime(), session))
        .orElseThrow(() -> new IllegalStateException(NODE_CLOSED));
  }

  private Optional<Session> begin(Session.State state, Function<Outlet, SessionClient> client) {
    long number = lastNumber.incrementAndGet();
    LocalSession session = new LocalSession(this, number, state, client);
    open.put(number, session);
    if (stopped) {
      open.remove(number);
      return Optional.empty();
    }
    session.start();
    return Optional.of(session);
  }

  /** Ends all of them for this process; in the cluster they go on. */
  CompletableFuture<Void> stop() {
    stopped = true;
    openings.values().forEach(SessionOpening::stop);
    return CompletableFuture.allOf(
        open.values().stream().map(LocalSession::stop).toArray(CompletableFuture[]::new));
  }

  boolean isStopped() {
    return stopped;
  }

  void sessionEnded(long number) {
    open.remove(number);
  }

  void openingEnded(long number) {
    openings.remove(number);
  }

  /** Hands another client's command to the cluster, once. */
  CompletableFuture<Outcome> attempt(Session.Place place, byte[] command, Duration deadline) {
    long deadlineNanos = deadlineNanos(deadline);
    if (command.length > maxCommandBytes()) {
      return CompletableFuture.completedFuture(tooLarge(command.length));
    }
    return send(
        new SessionRequest.Command(
            place.session(),
            place.sequence(),
            place.acknowledged(),
            ByteBuffer.wrap(command).asReadOnlyBuffer()),
        deadlineNanos);
  }

  Outcome.Rejected tooLarge(int bytes) {
    return new Outcome.Rejected(
        RejectReason.TOO_LARGE,
        bytes
            + " bytes are more than "
            + EngineSettings.MAX_COMMAND_BYTES
            + "="
            + maxCommandBytes());
  }

  /** Hands a request to the cluster, once. */
  CompletableFuture<Outcome> send(SessionRequest request, long deadlineNanos) {
    Proposal proposal = new Proposal(LogEntry.Type.SESSION, SessionCodec.encode(request));
    return cluster.apply(new Call.Command(proposal, deadlineNanos));
  }

  private Patience patience() {
    return new Patience(patienceNanos(), budget::take);
  }

  /** What repetitions take from. */
  RetryBudget budget() {
    return budget;
  }

  /** How long the first attempt of anything may take. */
  long patienceNanos() {
    return settings.patienceNanos();
  }

  long deadlineNanos(Duration deadline) {
    return Deadlines.nanos(deadline, environment);
  }

  Duration callTimeout() {
    return settings.callTimeout();
  }

  int maxCommandBytes() {
    return settings.maxCommandBytes();
  }

  /** How many sessions a process may have, and how many commands a session. */
  int maxPending() {
    return settings.maxPendingCalls();
  }

  Environment environment() {
    return environment;
  }

  Executor callbacks() {
    return callbacks;
  }

  void requireNotTheStateMachine() {
    if (stateMachineCalls.getAsBoolean()) {
      throw new IllegalStateException(
          "the state machine must not wait for a command: it could never be applied");
    }
  }

  /** Whether the caller may wait for something that takes turns and callbacks. */
  boolean mayWait() {
    return !callbacks.isCaller() && !stateMachineCalls.getAsBoolean();
  }
}
