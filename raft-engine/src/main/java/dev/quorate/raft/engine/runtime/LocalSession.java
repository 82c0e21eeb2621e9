package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.engine.client.Outlet;
import dev.quorate.raft.engine.client.SessionClient;
import dev.quorate.raft.engine.message.SessionRequest;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A session of a user of this process: feeds {@link SessionClient}, turn by turn. All fields that
 * are neither final nor volatile belong to the mailbox's turns.
 */
final class LocalSession implements Session, Outlet {

  private static final System.Logger LOG = System.getLogger(LocalSession.class.getName());

  private static final String CLOSED = "the session is closed";

  private final Sessions sessions;
  private final long number;
  private final long id;
  private final SessionClient client;
  private final Mailbox mailbox;
  private final WakeUp wakeUp;
  private final LinkedHashMap<Long, CompletableFuture<Outcome>> waiting = new LinkedHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile State state;
  private volatile boolean expired;
  private volatile boolean closing;

  /**
   * A session.
   *
   * @param number its number in this process
   * @param resumed where to begin
   * @param client makes the client, which hands out to this session
   */
  LocalSession(
      Sessions sessions, long number, State resumed, Function<Outlet, SessionClient> client) {
    this.sessions = sessions;
    this.number = number;
    this.id = resumed.id();
    this.state = resumed;
    this.client = client.apply(this);
    this.mailbox =
        new Mailbox(sessions.environment().executor(), 1, () -> {}, this::endTurn, this::onFault);
    this.wakeUp = new WakeUp(sessions.environment(), mailbox::post);
  }

  /** Begins: to be kept alive, or to learn where it stands. */
  void start() {
    mailbox.post(() -> client.onWakeUp(now()));
  }

  private long now() {
    return sessions.environment().nanoTime();
  }

  private void endTurn() {
    long now = now();
    if (client.nextWakeUp() <= now) {
      client.onWakeUp(now);
    }
    show();
    wakeUp.at(client.nextWakeUp(), now);
  }

  /** Whoever is told an end sees what it made of the session. */
  private void show() {
    state = new State(id, client.firstUnresolved());
    expired = client.isExpired();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command) {
    return submit(command, sessions.callTimeout());
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command, Duration deadline) {
    long deadlineNanos = sessions.deadlineNanos(deadline);
    if (closing) {
      return rejected(RejectReason.CLOSED, CLOSED);
    }
    boolean tooMany = pending.incrementAndGet() > sessions.maxPending();
    Optional<Outcome.Rejected> refusal =
        command.length > sessions.maxCommandBytes()
            ? Optional.of(sessions.tooLarge(command.length))
            : tooMany ? Optional.of(tooMany()) : Optional.empty();
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    ByteBuffer bytes = ByteBuffer.wrap(command).asReadOnlyBuffer();
    AtomicBoolean taken = new AtomicBoolean();
    mailbox.post(
        () -> {
          if (taken.compareAndSet(false, true)) {
            waiting.put(client.nextSequence(), future);
            refusal.ifPresentOrElse(
                refused -> client.leaveOut(refused, now()),
                () -> client.submit(bytes, deadlineNanos, now()));
          }
        });
    if (closing && taken.compareAndSet(false, true)) {
      // The executor may have ended without running that task.
      pending.decrementAndGet();
      return rejected(RejectReason.CLOSED, CLOSED);
    }
    return future;
  }

  private Outcome.Rejected tooMany() {
    return new Outcome.Rejected(
        RejectReason.OVER_LIMIT,
        sessions.maxPending() + " commands of the session are under way already");
  }

  private static CompletableFuture<Outcome> rejected(RejectReason reason, String message) {
    return CompletableFuture.completedFuture(new Outcome.Rejected(reason, message));
  }

  @Override
  public byte[] submitOrThrow(byte[] command) {
    sessions.requireNotTheStateMachine();
    return submit(command).join().resultOrThrow();
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public boolean isExpired() {
    return expired;
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    closing = true;
    if (sessions.isStopped()) {
      return CompletableFuture.completedFuture(null);
    }
    long deadline = sessions.deadlineNanos(sessions.callTimeout());
    mailbox.post(() -> client.close(deadline, now()));
    return closed.copy();
  }

  @Override
  public void close() {
    CompletableFuture<Void> end = closeAsync();
    if (sessions.mayWait()) {
      end.join();
    }
  }

  @Override
  public void leave() {
    stop("the session was left");
  }

  /**
   * The node ends, and with it the way to the cluster.
   *
   * @return completes when every command has its end
   */
  CompletableFuture<Void> stop() {
    return stop(Sessions.NODE_CLOSED);
  }

  private CompletableFuture<Void> stop(String reason) {
    closing = true;
    mailbox.post(() -> client.stop(RejectReason.CLOSED, reason));
    return closed;
  }

  /** Nothing of the session can be relied upon any more, but its commands in the cluster can. */
  private void onFault(Throwable cause) {
    LOG.log(Level.ERROR, "session " + id + " failed", cause);
    closing = true;
    List.copyOf(waiting.keySet())
        .forEach(sequence -> end(sequence, new Outcome.Unknown("the session failed: " + cause)));
    closed();
  }

  // What the client wants, in the mailbox's turns.

  @Override
  public void send(long attempt, SessionRequest request, long deadlineNanos) {
    sessions
        .send(request, deadlineNanos)
        .whenComplete(
            (outcome, failure) -> {
              Outcome end = failure == null ? outcome : new Outcome.Unknown(failure.toString());
              mailbox.post(() -> client.onEnd(attempt, end, now()));
            });
  }

  @Override
  public void end(long sequence, Outcome outcome) {
    CompletableFuture<Outcome> future = waiting.remove(sequence);
    pending.decrementAndGet();
    show();
    sessions.callbacks().execute(() -> future.complete(outcome));
  }

  @Override
  public void closed() {
    closing = true;
    wakeUp.cancel();
    sessions.sessionEnded(number);
    sessions.callbacks().execute(() -> closed.complete(null));
  }
}
