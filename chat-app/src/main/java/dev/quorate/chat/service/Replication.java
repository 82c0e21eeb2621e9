package dev.quorate.chat.service;

import dev.quorate.chat.command.Command;
import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.query.Query;
import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import io.grpc.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
        .thenApply(outcome -> expected.cast(read(applied(outcome))));
  }

  /** Asks the state, linearizably. */
  <T extends Result> CompletableFuture<T> read(Query query, Class<T> expected, Deadline deadline) {
    return node.read(Query.CODEC.write(query), remaining(deadline))
        .thenApply(outcome -> expected.cast(read(answered(outcome))));
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

  private byte[] applied(dev.quorate.raft.api.Outcome outcome) {
    if (outcome instanceof dev.quorate.raft.api.Outcome.Applied applied) {
      return applied.result();
    }
    if (outcome instanceof dev.quorate.raft.api.Outcome.Rejected rejected) {
      throw rejected(rejected.reason(), rejected.message());
    }
    throw new CallFailure(
        Outcome.OUTCOME_UNKNOWN, ((dev.quorate.raft.api.Outcome.Unknown) outcome).message());
  }

  private byte[] answered(ReadOutcome outcome) {
    if (outcome instanceof ReadOutcome.Answered answered) {
      return answered.value();
    }
    ReadOutcome.Refused refused = (ReadOutcome.Refused) outcome;
    throw rejected(refused.reason(), refused.message());
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

  private CallFailure rejected(RejectReason reason, String message) {
    if (reason == RejectReason.NOT_A_MEMBER
        && node.status().condition() instanceof NodeCondition.Forming forming) {
      return new CallFailure(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_FORMING, waitingFor(forming));
    }
    return switch (reason) {
      case OVER_LIMIT -> new CallFailure(Outcome.OUTCOME_BUSY, Cause.CAUSE_OVER_LIMIT, message);
      case TOO_LARGE -> new CallFailure(Outcome.OUTCOME_INVALID, Cause.CAUSE_TOO_LARGE, message);
      default -> new CallFailure(Outcome.OUTCOME_UNAVAILABLE, cause(reason), message);
    };
  }

  private static Cause cause(RejectReason reason) {
    return switch (reason) {
      case NO_LEADER -> Cause.CAUSE_NO_LEADER;
      case NOT_A_MEMBER -> Cause.CAUSE_NOT_A_MEMBER;
      case OVER_LIMIT -> Cause.CAUSE_OVER_LIMIT;
      case TOO_LARGE -> Cause.CAUSE_TOO_LARGE;
      case SUPERSEDED -> Cause.CAUSE_SUPERSEDED;
      case TRANSFERRING -> Cause.CAUSE_TRANSFERRING;
      case DEGRADED -> Cause.CAUSE_DEGRADED;
      case NO_SPACE -> Cause.CAUSE_NO_SPACE;
      case TIMED_OUT -> Cause.CAUSE_TIMED_OUT;
      case CLOSED -> Cause.CAUSE_CLOSED;
    };
  }

  /** For whom a cluster that forms waits, for people. */
  static String waitingFor(NodeCondition.Forming forming) {
    if (forming.missing().isEmpty()) {
      return "the cluster is forming: all nodes have answered";
    }
    return "the cluster is forming: it waits for node "
        + forming.missing().stream().map(NodeId::value).collect(Collectors.joining(", "));
  }
}
