package dev.quorate.chat.service;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.RaftNode;
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

  /** Asks the state, linearizably. */
  <T extends Result> CompletableFuture<T> read(Query query, Class<T> expected, Deadline deadline) {
    return node.read(Query.CODEC.write(query), remaining(deadline))
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
      case SEQUENCE_TOO_OLD -> Outcome.OUTCOME_SEQUENCE_TOO_OLD;
      case SEQUENCE_REUSED -> Outcome.OUTCOME_SEQUENCE_REUSED;
      case TOO_MANY_CLIENTS -> Outcome.OUTCOME_TOO_MANY_CLIENTS;
      // This node made the command itself: another node that cannot read it is a fault.
      case MALFORMED, UNKNOWN_KIND, UNKNOWN_VERSION -> Outcome.OUTCOME_FAILED;
    };
  }
}
