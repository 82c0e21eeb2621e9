package dev.quorate.chat.service;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.MemberChange;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.GroupMembership;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Changes who is a member, and says in the chat's words what became of it. */
final class MemberChanges {

  private final GroupMembership members;

  MemberChanges(GroupMembership members) {
    this.members = members;
  }

  CompletableFuture<Result> change(MemberChange change, int nodeId, Deadline deadline) {
    if (nodeId < 1) {
      throw new IllegalArgumentException("node id " + nodeId + " is not 1 or more");
    }
    NodeId node = NodeId.of(Integer.toString(nodeId));
    Duration within = Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    CompletableFuture<MembershipOutcome> outcome =
        switch (change) {
          case MEMBER_CHANGE_ADD -> members.addMember(node, within);
          case MEMBER_CHANGE_REMOVE -> members.remove(node, within);
          case MEMBER_CHANGE_READMIT -> members.readmit(node, within);
          case MEMBER_CHANGE_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("the change is none of the known ones");
        };
    return outcome.thenApply(MemberChanges::result);
  }

  static Result result(MembershipOutcome outcome) {
    if (outcome instanceof MembershipOutcome.Changed) {
      return Answers.OK;
    }
    if (outcome instanceof MembershipOutcome.Unknown unknown) {
      return result(Outcome.OUTCOME_UNKNOWN, Cause.CAUSE_UNSPECIFIED, unknown.message());
    }
    MembershipOutcome.Refused refused = (MembershipOutcome.Refused) outcome;
    String message = refused.message();
    return switch (refused.reason()) {
      case UNKNOWN_MEMBER,
          ALREADY_A_MEMBER,
          NOT_WAITING,
          DISK_WAS_REMOVED,
          ROLE_IS_THE_SAME,
          NO_VOTER_LEFT,
          CONTRADICTION,
          NOTHING_TO_CHANGE,
          TOO_MANY_MEMBERS,
          ADDRESS_IN_USE,
          FEATURE_LEVEL ->
          result(Outcome.OUTCOME_INVALID, Cause.CAUSE_UNSPECIFIED, message);
      case OVER_LIMIT, CHANGE_UNDER_WAY ->
          result(Outcome.OUTCOME_BUSY, Cause.CAUSE_OVER_LIMIT, message);
      case NO_LEADER, NOT_READY ->
          result(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_NO_LEADER, message);
      case NOT_A_MEMBER -> result(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_NOT_A_MEMBER, message);
      case OTHER_VERSION, CANCELLED, SUPERSEDED ->
          result(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_SUPERSEDED, message);
      case NOT_SERVING -> result(Outcome.OUTCOME_UNAVAILABLE, Cause.CAUSE_DEGRADED, message);
    };
  }

  private static Result result(Outcome outcome, Cause cause, String message) {
    return Result.newBuilder().setOutcome(outcome).setCause(cause).setMessage(message).build();
  }
}
