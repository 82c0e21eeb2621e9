package dev.quorate.chat.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogInThrottleTest {

  private final AtomicLong now = new AtomicLong(-5);
  private final LogInThrottle throttle = new LogInThrottle(now::get);

  @Test
  void theFirstAttemptsAreFreeThenTheyKeepADistanceThatDoubles() {
    fail("alice", 5);

    assertThat(throttle.begin("alice")).isEqualTo(Duration.ofMillis(250));
    pass(Duration.ofMillis(249));
    assertThat(throttle.begin("alice")).isEqualTo(Duration.ofMillis(1));
    pass(Duration.ofMillis(1));
    assertThat(throttle.begin("alice")).isZero();
    assertThat(throttle.begin("alice")).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void thePauseBeginsWhenTheAttemptHasFailed() {
    fail("alice", 5);
    pass(Duration.ofMillis(400));
    throttle.failed("alice");

    assertThat(throttle.begin("alice")).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void theDistanceHasALimit() {
    fail("alice", 5);
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(5));
      assertThat(throttle.begin("alice")).isZero();
    }
    assertThat(throttle.begin("alice")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void successForgetsFailures() {
    fail("alice", 4);
    assertThat(throttle.begin("alice")).isZero();
    throttle.succeeded("alice");

    fail("alice", 5);
  }

  @Test
  void attemptsThatCouldNotBeCheckedDoNotCount() {
    for (int i = 0; i < 20; i++) {
      assertThat(throttle.begin("alice")).isZero();
      throttle.undecided("alice");
    }
    throttle.undecided("somebody who never came");
  }

  @Test
  void othersAreNotAffectedAndOldFailuresAreForgotten() {
    fail("alice", 5);

    assertThat(throttle.begin("bob")).isZero();
    pass(Duration.ofMinutes(10));
    fail("alice", 5);
  }

  @Test
  void theNumberOfNamesIsBoundedAndTheLongestQuietGoes() {
    fail("first", 5);
    fail("second", 5);
    for (int i = 0; i < 9_999; i++) {
      throttle.begin("other" + i);
    }

    assertThat(throttle.begin("second")).isPositive();
    assertThat(throttle.begin("first")).isZero();
  }

  private void fail(String name, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(throttle.begin(name)).isZero();
    }
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
