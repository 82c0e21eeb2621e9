package dev.quorate.raft.testkit.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeClockTest {

  private static final long SECOND = 1_000_000_000;

  private final Agenda agenda = new Agenda();
  private final NodeClock clock = new NodeClock(agenda, 7, 1_000);

  /** True time passes. */
  private void pass(long nanos) {
    long until = agenda.now() + nanos;
    agenda.after(nanos, () -> {});
    while (agenda.runNext(until)) {
      assertThat(agenda.now()).isLessThanOrEqualTo(until);
    }
  }

  @Test
  void aWallClockThatStoodStillIsBehindFromThenOn() {
    clock.stopWall(2 * SECOND);
    pass(SECOND);
    assertThat(clock.wallMillis()).isEqualTo(1_000);
    assertThat(clock.nanoTime()).isEqualTo(7 + SECOND);
    pass(SECOND);
    assertThat(clock.wallMillis()).isEqualTo(1_000);
    pass(3 * SECOND);
    assertThat(clock.wallMillis()).isEqualTo(4_000);
  }

  @Test
  void whoSetsAWallClockThatStandsStillMakesItGo() {
    clock.stopWall(10 * SECOND);
    pass(SECOND);
    clock.stepWall(-500);
    assertThat(clock.wallMillis()).isEqualTo(500);
    pass(SECOND);
    assertThat(clock.wallMillis()).isEqualTo(1_500);
    pass(10 * SECOND);
    assertThat(clock.wallMillis()).isEqualTo(11_500);
  }

  @Test
  void theEndOfAnEarlierStopDoesNotEndTheNextOne() {
    clock.stopWall(2 * SECOND);
    clock.stepWall(0);
    clock.stopWall(5 * SECOND);
    pass(4 * SECOND);
    assertThat(clock.wallMillis()).isEqualTo(1_000);
    pass(2 * SECOND);
    assertThat(clock.wallMillis()).isEqualTo(2_000);
  }

  @Test
  void aFastClockIsAheadAndItsTimersRingSooner() {
    clock.drift(100_000);
    pass(SECOND);
    assertThat(clock.nanoTime()).isEqualTo(7 + SECOND + SECOND / 10);
    assertThat(clock.trueNanos(11 * SECOND)).isBetween(10 * SECOND, 10 * SECOND + 10);
  }
}
