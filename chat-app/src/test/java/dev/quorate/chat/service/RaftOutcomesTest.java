package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quorate.chat.proto.Cause;
import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaftOutcomesTest {

  private static final Supplier<NodeCondition> WORKING = NodeCondition.Working::new;

  @ParameterizedTest
  @CsvSource({
    "NO_LEADER, OUTCOME_UNAVAILABLE, CAUSE_NO_LEADER",
    "NOT_A_MEMBER, OUTCOME_UNAVAILABLE, CAUSE_NOT_A_MEMBER",
    "OVER_LIMIT, OUTCOME_BUSY, CAUSE_OVER_LIMIT",
    "TOO_MANY_SESSIONS, OUTCOME_BUSY, CAUSE_OVER_LIMIT",
    "TOO_LARGE, OUTCOME_INVALID, CAUSE_TOO_LARGE",
    "SUPERSEDED, OUTCOME_UNAVAILABLE, CAUSE_SUPERSEDED",
    "TRANSFERRING, OUTCOME_UNAVAILABLE, CAUSE_TRANSFERRING",
    "DEGRADED, OUTCOME_UNAVAILABLE, CAUSE_DEGRADED",
    "NO_SPACE, OUTCOME_UNAVAILABLE, CAUSE_NO_SPACE",
    "TIMED_OUT, OUTCOME_UNAVAILABLE, CAUSE_TIMED_OUT",
    "CLOSED, OUTCOME_UNAVAILABLE, CAUSE_CLOSED"
  })
  void aRefusalKeepsItsReason(RejectReason reason, Outcome outcome, Cause cause) {
    Result expected =
        Result.newBuilder().setOutcome(outcome).setCause(cause).setMessage("the facts").build();

    assertThat(
            failure(
                () ->
                    RaftOutcomes.applied(
                        new dev.quorate.raft.api.Outcome.Rejected(reason, "the facts"), WORKING)))
        .isEqualTo(expected);
    assertThat(
            failure(
                () -> RaftOutcomes.answered(new ReadOutcome.Refused(reason, "the facts"), WORKING)))
        .isEqualTo(expected);
  }

  @Test
  void everyReasonIsCovered() {
    for (RejectReason reason : RejectReason.values()) {
      Result result =
          failure(() -> RaftOutcomes.answered(new ReadOutcome.Refused(reason, "no"), WORKING));
      boolean ofTheClient =
          List.of(
                  Outcome.OUTCOME_UNKNOWN_CLIENT,
                  Outcome.OUTCOME_OUT_OF_SEQUENCE,
                  Outcome.OUTCOME_SEQUENCE_REUSED,
                  Outcome.OUTCOME_INVALID)
              .contains(result.getOutcome());
      assertThat(ofTheClient || result.getCause() != Cause.CAUSE_UNSPECIFIED)
          .as("%s", reason)
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION_EXPIRED, OUTCOME_UNKNOWN_CLIENT",
    "OUT_OF_ORDER, OUTCOME_OUT_OF_SEQUENCE",
    "SEQUENCE_REUSED, OUTCOME_SEQUENCE_REUSED",
    "INVALID, OUTCOME_INVALID"
  })
  void whatIsWrongWithAClientsNumbersIsSaidInTheChatsWords(RejectReason reason, Outcome outcome) {
    assertThat(
            failure(
                    () ->
                        RaftOutcomes.applied(
                            new dev.quorate.raft.api.Outcome.Rejected(reason, "no"), WORKING))
                .getOutcome())
        .isEqualTo(outcome);
  }

  @Test
  void anUnknownEndIsUnknown() {
    assertThat(
            failure(
                () ->
                    RaftOutcomes.applied(
                        new dev.quorate.raft.api.Outcome.Unknown("the leader was lost"), WORKING)))
        .isEqualTo(
            Result.newBuilder()
                .setOutcome(Outcome.OUTCOME_UNKNOWN)
                .setMessage("the leader was lost")
                .build());
  }

  @Test
  void aFormingClusterSaysForWhomItWaits() {
    NodeCondition forming = new NodeCondition.Forming(List.of(NodeId.of("3"), NodeId.of("5")));

    Result result =
        failure(
            () ->
                RaftOutcomes.answered(
                    new ReadOutcome.Refused(RejectReason.NOT_A_MEMBER, "no"), () -> forming));

    assertThat(result.getCause()).isEqualTo(Cause.CAUSE_FORMING);
    assertThat(result.getMessage()).endsWith("it waits for node 3, 5");
  }

  @Test
  void whatIsThereIsHandedOn() {
    byte[] bytes = {1, 2};

    assertThat(RaftOutcomes.applied(new dev.quorate.raft.api.Outcome.Applied(7, bytes), WORKING))
        .isSameAs(bytes);
    assertThat(RaftOutcomes.answered(new ReadOutcome.Answered(7, bytes), WORKING)).isSameAs(bytes);
  }

  private static Result failure(Supplier<byte[]> call) {
    return catchThrowableOfType(CallFailure.class, call::get).result();
  }
}
