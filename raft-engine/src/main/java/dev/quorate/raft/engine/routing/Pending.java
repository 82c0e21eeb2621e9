package dev.quorate.raft.engine.routing;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.message.ClientMessage;
import java.util.Optional;

/** A call that has not ended. */
final class Pending {

  private final ClientMessage.Call call;
  private final long deadlineNanos;

  /** Whether it is on its way to a node. */
  boolean inFlight;

  /** How often it was sent and came to nothing. */
  int failures;

  /** It is not sent again before. */
  long notBeforeNanos;

  /** Why it came to nothing when it was sent last. */
  Optional<Refusal> refusal = Optional.empty();

  /** Why a node did not do it; it certainly did not. */
  record Refusal(RejectReason reason, String message) {}

  Pending(ClientMessage.Call call, long deadlineNanos) {
    this.call = call;
    this.deadlineNanos = deadlineNanos;
  }

  long number() {
    return call.number();
  }

  int bytes() {
    return call.bytes();
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  ClientMessage.Call message(long waitMillis) {
    return call.waiting(waitMillis);
  }

  boolean isRead() {
    return call instanceof ClientMessage.Query;
  }

  /** Whether a node that knows no leader can do it. */
  boolean needsNoLeader() {
    return call instanceof ClientMessage.Query query
        && (query.consistency() instanceof ReadConsistency.Stale
            || query.consistency() instanceof ReadConsistency.AtLeast);
  }

  /** How it ends when it certainly was not done. */
  ClientMessage refused(Refusal why) {
    return isRead()
        ? new ClientMessage.Answered(number(), new ReadOutcome.Refused(why.reason(), why.message()))
        : new ClientMessage.Submitted(number(), new Outcome.Rejected(why.reason(), why.message()));
  }

  /** How it ends when it was sent and nothing more is known. */
  ClientMessage lost(RejectReason reason, String message) {
    return isRead()
        ? refused(new Refusal(reason, message))
        : new ClientMessage.Submitted(number(), new Outcome.Unknown(message));
  }

  /** Why a node certainly did not do it, if that is how it answered. */
  static Optional<Refusal> refusalIn(ClientMessage answer) {
    if (answer instanceof ClientMessage.Submitted submitted
        && submitted.outcome() instanceof Outcome.Rejected rejected) {
      return Optional.of(new Refusal(rejected.reason(), rejected.message()));
    }
    if (answer instanceof ClientMessage.Answered answered
        && answered.outcome() instanceof ReadOutcome.Refused refused) {
      return Optional.of(new Refusal(refused.reason(), refused.message()));
    }
    return Optional.empty();
  }
}
