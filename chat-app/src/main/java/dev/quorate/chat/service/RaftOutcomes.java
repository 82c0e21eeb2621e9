package dev.quorate.chat.service;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What Raft says of a call, in the chat's words: no surer, and no less sure. */
final class RaftOutcomes {

  private RaftOutcomes() {}

  /** The result of a command, or the reason why there is none. */
  static byte[] applied(dev.quorate.raft.api.Outcome outcome, Supplier<NodeCondition> condition) {
    if (outcome instanceof dev.quorate.raft.api.Outcome.Applied applied) {
      return applied.result();
    }
    if (outcome instanceof dev.quorate.raft.api.Outcome.Rejected rejected) {
      throw rejected(rejected.reason(), rejected.message(), condition);
    }
    throw new CallFailure(
        Outcome.OUTCOME_UNKNOWN, ((dev.quorate.raft.api.Outcome.Unknown) outcome).message());
  }

  /** The session of a client, or the reason why there is none. */
  static Session opened(SessionOutcome outcome, Supplier<NodeCondition> condition) {
    if (outcome instanceof SessionOutcome.Opened opened) {
      return opened.session();
    }
    SessionOutcome.Refused refused = (SessionOutcome.Refused) outcome;
    throw rejected(refused.reason(), refused.message(), condition);
  }

  /** The answer to a query, or the reason why there is none. */
  static byte[] answered(ReadOutcome outcome, Supplier<NodeCondition> condition) {
    if (outcome instanceof ReadOutcome.Answered answered) {
      return answered.value();
    }
    ReadOutcome.Refused refused = (ReadOutcome.Refused) outcome;
    throw rejected(refused.reason(), refused.message(), condition);
  }

  private static CallFailure rejected(
      RejectReason reason, String message, Supplier<NodeCondition> condition) {
    if (reason == RejectReason.NOT_A_MEMBER
        && condition.get() instanceof NodeCondition.Forming forming) {
      return new CallFailure(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_FORMING, waitingFor(forming));
    }
    return switch (reason) {
      case OVER_LIMIT, TOO_MANY_SESSIONS ->
          new CallFailure(Outcome.OUTCOME_BUSY, Cause.CAUSE_OVER_LIMIT, message);
      case SESSION_EXPIRED ->
          new CallFailure(
              Outcome.OUTCOME_UNKNOWN_CLIENT,
              "the client sent nothing for too long, or was never added; add a client");
      case OUT_OF_ORDER ->
          new CallFailure(
              Outcome.OUTCOME_OUT_OF_SEQUENCE, "the message before this one is not sent yet");
      case SEQUENCE_REUSED ->
          new CallFailure(
              Outcome.OUTCOME_SEQUENCE_REUSED, "the sequence stands for another message");
      case TOO_LARGE -> new CallFailure(Outcome.OUTCOME_INVALID, Cause.CAUSE_TOO_LARGE, message);
      case INVALID -> new CallFailure(Outcome.OUTCOME_INVALID, message);
      default -> new CallFailure(Outcome.OUTCOME_UNAVAILABLE, cause(reason), message);
    };
  }

  private static Cause cause(RejectReason reason) {
    return switch (reason) {
      case NO_LEADER -> Cause.CAUSE_NO_LEADER;
      case NOT_A_MEMBER -> Cause.CAUSE_NOT_A_MEMBER;
      case OVER_LIMIT, TOO_MANY_SESSIONS -> Cause.CAUSE_OVER_LIMIT;
      case TOO_LARGE -> Cause.CAUSE_TOO_LARGE;
      case SUPERSEDED, SESSION_EXPIRED, OUT_OF_ORDER, SEQUENCE_REUSED, INVALID ->
          Cause.CAUSE_SUPERSEDED;
      case TRANSFERRING -> Cause.CAUSE_TRANSFERRING;
      case DEGRADED -> Cause.CAUSE_DEGRADED;
      case NO_SPACE -> Cause.CAUSE_NO_SPACE;
      case TIMED_OUT, TOO_STALE -> Cause.CAUSE_TIMED_OUT;
      case CLOSED -> Cause.CAUSE_CLOSED;
    };
  }

  /** For whom a cluster that forms waits, for people. */
  static String waitingFor(NodeCondition.Forming forming) {
    if (forming.missing().isEmpty()) {
      return "the cluster is forming: all nodes have answered";
    }
    return "the cluster is forming: it waits for node "
        + forming.missing().stream().map(NodeId::value).collect(Collectors.joining(", "))
        + (forming.hindrance().isEmpty() ? "" : "; " + forming.hindrance());
  }
}
