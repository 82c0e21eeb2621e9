package dev.quorate.chat.service;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.Session;
import io.grpc.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Commands and queries through the Raft node. A future ends with the result that was asked for, or
 * with a {@link CallFailure} that says what is known.
 */
final class Replication {

  private static final System.Logger LOG = System.getLogger(Replication.class.getName());

  private final RaftNode node;

  Replication(RaftNode node) {
    this.node = node;
  }

  /** Replicates a command and waits until it is applied. */
  <T extends Result> CompletableFuture<T> submit(
      Command command, Class<T> expected, Deadline deadline) {
    return node.submit(Command.CODEC.write(command), remaining(deadline))
        .thenApply(outcome -> expected.cast(read(RaftOutcomes.applied(outcome, this::condition))));
  }

  /** Makes one attempt at a command that a client has given a number. */
  <T extends Result> CompletableFuture<T> attempt(
      Session.Place place, Command command, Class<T> expected, Deadline deadline) {
    return node.attempt(place, Command.CODEC.write(command), remaining(deadline))
        .thenApply(outcome -> expected.cast(read(RaftOutcomes.applied(outcome, this::condition))));
  }

  /** Opens a session of the cluster's for a client. */
  CompletableFuture<Session> openSession(Deadline deadline) {
    return node.openSession(remaining(deadline))
        .thenApply(outcome -> RaftOutcomes.opened(outcome, this::condition));
  }

  /** Ends a session of the cluster's that no client uses any more; where that fails it expires. */
  void closeSession(long session) {
    try {
      node.resumeSession(new Session.State(session, 1)).closeAsync();
    } catch (IllegalStateException e) {
      LOG.log(System.Logger.Level.DEBUG, "session {0} is left to expire: {1}", session, e);
    }
  }

  /** Asks the state, linearizably. */
  <T extends Result> CompletableFuture<T> read(Query query, Class<T> expected, Deadline deadline) {
    return read(query, ReadConsistency.LINEARIZABLE, expected, deadline);
  }

  /** Asks the state that this node has, which may be behind the cluster's. */
  <T extends Result> CompletableFuture<T> readHere(
      Query query, Class<T> expected, Deadline deadline) {
    return read(query, ReadConsistency.atLeast(0), expected, deadline);
  }

  private <T extends Result> CompletableFuture<T> read(
      Query query, ReadConsistency consistency, Class<T> expected, Deadline deadline) {
    return node.read(Query.CODEC.write(query), consistency, remaining(deadline))
        .thenApply(outcome -> expected.cast(read(RaftOutcomes.answered(outcome, this::condition))));
  }

  private static Duration remaining(Deadline deadline) {
    long nanos = deadline.timeRemaining(TimeUnit.NANOSECONDS);
    if (nanos <= 0) {
      throw new CallFailure(
          Outcome.OUTCOME_UNAVAILABLE,
          Cause.CAUSE_TIMED_OUT,
          "the call's deadline passed before it could be served");
    }
    return Duration.ofNanos(nanos);
  }

  private NodeCondition condition() {
    return node.status().condition();
  }

  private static Result read(byte[] bytes) {
    Result result = Result.CODEC.read(ByteBuffer.wrap(bytes));
    if (result instanceof Refused refused) {
      throw new CallFailure(outcome(refused.reason()), refused.message());
    }
    return result;
  }

  private static Outcome outcome(Refused.Reason reason) {
    return switch (reason) {
      case INVALID -> Outcome.OUTCOME_INVALID;
      case NOT_LOGGED_IN -> Outcome.OUTCOME_NOT_LOGGED_IN;
      case NAME_TAKEN -> Outcome.OUTCOME_NAME_TAKEN;
      case NO_SUCH_ACCOUNT -> Outcome.OUTCOME_NO_SUCH_ACCOUNT;
      case CREDENTIALS_CHANGED -> Outcome.OUTCOME_WRONG_CREDENTIALS;
      // This node made the command itself: another node that cannot read it is a fault.
      case MALFORMED, UNKNOWN_KIND, UNKNOWN_VERSION -> Outcome.OUTCOME_FAILED;
    };
  }
}
