package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import org.junit.jupiter.api.Test;

class ReignTest {

  private static final NodeId N1 = NodeId.of("n1");

  @Test
  void aLeaderAnswersForItsTermUnlessThereWasALaterOne() {
    new Reign(N1, 3, 3).answers(3);
    assertThatThrownBy(() -> new Reign(N1, 3, 4).answers(3))
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo("I12"));
  }

  @Test
  void whoLeadsAnotherTermByThenAnswersForThat() {
    new Reign(N1, 3, 4).answers(5);
  }
}
