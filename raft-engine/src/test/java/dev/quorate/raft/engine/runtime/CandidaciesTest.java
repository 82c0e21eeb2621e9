package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Schedule 7 of decision 13: a host that led a thousand groups is lost. */
class CandidaciesTest {

  private static final long PATIENCE = 1_000;

  private final Candidacies candidacies = new Candidacies();

  private void fill() {
    for (int i = 0; i < Candidacies.MOST; i++) {
      assertThat(candidacies.enter("g" + i, 0, PATIENCE)).isTrue();
    }
  }

  @Test
  void soManyStandAtATime() {
    fill();
    assertThat(candidacies.enter("late", 0, PATIENCE)).isFalse();
    assertThat(candidacies.enter("g3", 0, PATIENCE)).as("stands already").isTrue();
    candidacies.leave("g3");
    assertThat(candidacies.enter("late", 0, PATIENCE)).isTrue();
    assertThat(candidacies.enter("g3", 0, PATIENCE)).isFalse();
  }

  @Test
  void whoHasWaitedForLongStandsAllTheSame() {
    fill();
    assertThat(candidacies.enter("late", 500, PATIENCE)).isFalse();
    assertThat(candidacies.enter("late", 900, PATIENCE)).isFalse();
    assertThat(candidacies.enter("late", 1_300, PATIENCE)).isFalse();
    assertThat(candidacies.enter("late", 1_500, PATIENCE)).isTrue();
  }

  @Test
  void whoHasNotAskedForAWhileHasNotWaited() {
    fill();
    assertThat(candidacies.enter("late", 0, PATIENCE)).isFalse();
    assertThat(candidacies.enter("late", 1_500, PATIENCE)).isFalse();
  }
}
