package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.engine.message.SessionRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A session that is being opened. The request is repeated until the deadline, as far as the budget
 * goes: what is opened twice behind a lost answer harms nobody, and expires. One attempt follows
 * the other, so that no two threads are here at a time, except to stop.
 */
final class SessionOpening {

  private static final long PAUSE_NANOS = 20_000_000;
  private static final int MAX_DOUBLINGS = 5;

  private final Sessions sessions;
  private final long number;
  private final long deadlineNanos;
  private final CompletableFuture<SessionOutcome> future = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private int failures;

  SessionOpening(Sessions sessions, long number, long deadlineNanos) {
    this.sessions = sessions;
    this.number = number;
    this.deadlineNanos = deadlineNanos;
  }

  CompletableFuture<SessionOutcome> future() {
    return future;
  }

  void start() {
    long patience = sessions.patienceNanos() << Math.min(failures, MAX_DOUBLINGS);
    long giveUp = sessions.environment().nanoTime() + patience;
    sessions
        .send(new SessionRequest.Open(), Math.min(giveUp, deadlineNanos))
        .whenComplete(
            (outcome, failure) ->
                attempted(failure == null ? outcome : new Outcome.Unknown(failure.toString())));
  }

  private void attempted(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      opened(applied);
      return;
    }
    SessionOutcome.Refused refused = refused(outcome);
    boolean hopeless =
        !refused.reason().retryable() || refused.reason() == RejectReason.TOO_MANY_SESSIONS;
    long pause = PAUSE_NANOS << Math.min(failures++, MAX_DOUBLINGS);
    long now = sessions.environment().nanoTime();
    long longest = Math.min(deadlineNanos - now - 1, RetryBudget.PERIOD_NANOS);
    if (hopeless || pause > longest) {
      end(refused);
    } else if (!ended.get()) {
      long wait = sessions.budget().take(now, longest) - now;
      if (wait > longest) {
        end(refused);
      } else {
        sessions.environment().schedule(Math.max(pause, wait), this::start);
      }
    }
  }

  private void opened(Outcome.Applied applied) {
    Optional<Session> session = sessions.opened(applied.index(), applied.result());
    end(
        session
            .<SessionOutcome>map(SessionOutcome.Opened::new)
            .orElseGet(
                () -> new SessionOutcome.Refused(RejectReason.CLOSED, Sessions.NODE_CLOSED)));
  }

  private static SessionOutcome.Refused refused(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        ? new SessionOutcome.Refused(rejected.reason(), rejected.message())
        : new SessionOutcome.Refused(RejectReason.TIMED_OUT, ((Outcome.Unknown) outcome).message());
  }

  /** The node ends. */
  void stop() {
    end(new SessionOutcome.Refused(RejectReason.CLOSED, Sessions.NODE_CLOSED));
  }

  private void end(SessionOutcome outcome) {
    if (ended.compareAndSet(false, true)) {
      sessions.openingEnded(number);
      sessions.callbacks().execute(() -> future.complete(outcome));
    }
  }
}
