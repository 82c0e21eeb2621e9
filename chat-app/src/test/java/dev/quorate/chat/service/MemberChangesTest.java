package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.proto.Outcome;
import dev.quorate.chat.proto.Result;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemberChangesTest {

  @ParameterizedTest
  @EnumSource
  void everyRefusalSaysWhyAndIsNoUncertainty(MembershipOutcome.Reason reason) {
    Result result = MemberChanges.result(new MembershipOutcome.Refused(reason, "the facts"));

    assertThat(result.getMessage()).isEqualTo("the facts");
    assertThat(result.getOutcome())
        .isIn(Outcome.OUTCOME_INVALID, Outcome.OUTCOME_BUSY, Outcome.OUTCOME_UNAVAILABLE);
  }

  @Test
  void theOtherEndsAreWhatTheyAre() {
    assertThat(MemberChanges.result(new MembershipOutcome.Changed(Membership.NONE)).getOutcome())
        .isEqualTo(Outcome.OUTCOME_OK);
    assertThat(MemberChanges.result(new MembershipOutcome.Unknown("no end seen")).getOutcome())
        .isEqualTo(Outcome.OUTCOME_UNKNOWN);
  }
}
