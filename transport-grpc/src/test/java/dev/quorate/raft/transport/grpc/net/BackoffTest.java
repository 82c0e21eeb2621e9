package dev.quorate.raft.transport.grpc.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration MAX = Duration.ofSeconds(1);

  @Test
  void beginsFastAndIsCapped() {
    Backoff backoff = new Backoff(MAX);
    long firstFour = 0;
    for (int i = 0; i < 4; i++) {
      firstFour += backoff.nextNanos();
    }
    assertThat(Duration.ofNanos(firstFour)).isLessThanOrEqualTo(Duration.ofMillis(150));
    for (int i = 0; i < 100; i++) {
      assertThat(Duration.ofNanos(backoff.nextNanos())).isLessThanOrEqualTo(MAX);
    }
    assertThat(Duration.ofNanos(backoff.nextNanos())).isGreaterThanOrEqualTo(MAX.dividedBy(2));
  }

  @Test
  void beginsAnewAfterAReset() {
    Backoff backoff = new Backoff(MAX);
    for (int i = 0; i < 10; i++) {
      backoff.nextNanos();
    }
    backoff.reset();
    assertThat(Duration.ofNanos(backoff.nextNanos())).isLessThanOrEqualTo(Duration.ofMillis(10));
  }

  @Test
  void isNotTheSameForEverybody() {
    Backoff backoff = new Backoff(MAX);
    for (int i = 0; i < 10; i++) {
      backoff.nextNanos();
    }
    assertThat(backoff.nextNanos()).isNotEqualTo(backoff.nextNanos());
  }
}
