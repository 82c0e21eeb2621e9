package dev.quorate.raft.engine.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final long SECOND = 1_000_000_000;

  private final Drip drip = new Drip(SECOND);
  private final Patience patience = new Patience(SECOND, drip);

  @Test
  void whatWaitsIsToldWhenAndIsThenSentWithoutAskingAgain() {
    assertThat(patience.repetitionNanos(0)).isZero();
    assertThat(patience.repetitionNanos(1)).isEqualTo(SECOND);
    assertThat(patience.repetitionNanos(SECOND / 2)).isEqualTo(SECOND);
    assertThat(drip.nextNanos).as("one is taken, however often it asks").isEqualTo(2 * SECOND);
    drip.nextNanos = 5 * SECOND;
    assertThat(patience.repetitionNanos(SECOND + 7)).isEqualTo(SECOND + 7);
    assertThat(patience.repetitionNanos(SECOND + 8)).as("the next").isEqualTo(5 * SECOND);
  }

  @Test
  void whatIsTooFarAheadIsNotTakenAndAskedForAgain() {
    drip.nextNanos = 30 * SECOND;
    assertThat(patience.repetitionNanos(0)).isEqualTo(30 * SECOND);
    assertThat(patience.repetitionNanos(1)).isEqualTo(30 * SECOND);
    drip.nextNanos = 40 * SECOND;
    assertThat(patience.repetitionNanos(30 * SECOND)).isEqualTo(40 * SECOND);
    assertThat(drip.nextNanos).isEqualTo(41 * SECOND);
    assertThat(patience.repetitionNanos(40 * SECOND)).isEqualTo(40 * SECOND);
  }
}
