package dev.quorate.chat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.chat.demo.Trial.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchedTrialTest {

  private static final Duration SOON = Duration.ofMillis(10);
  private static final Duration LATE = Duration.ofMinutes(1);

  @Test
  void aTrialThatWaitsForALostQuorumIsNotWaitedFor() throws Exception {
    CountDownLatch given = new CountDownLatch(1);
    Trial waits =
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            given.countDown();
          }
          return new Verdict(false, "interrupted");
        };
    assertThat(new WatchedTrial(waits, () -> Optional.of("no quorum"), SOON).run())
        .isEqualTo(new Verdict(false, "no quorum"));
    assertThat(given.await(10, TimeUnit.SECONDS)).as("the trial was given up").isTrue();
  }

  @Test
  void aSlowTrialOfASoundClusterIsWaitedFor() throws Exception {
    CountDownLatch looked = new CountDownLatch(2);
    Trial slow =
        () -> {
          try {
            looked.await();
          } catch (InterruptedException e) {
            return new Verdict(false, "interrupted");
          }
          return new Verdict(true, "found");
        };
    WatchedTrial watched =
        new WatchedTrial(
            slow,
            () -> {
              looked.countDown();
              return Optional.empty();
            },
            SOON);
    assertThat(watched.run()).isEqualTo(new Verdict(true, "found"));
  }

  @Test
  void aFailureIsExplainedByTheClusterIfItCan() throws Exception {
    Queue<Optional<String>> troubles =
        new ArrayDeque<>(List.of(Optional.of("no leader"), Optional.empty()));
    WatchedTrial watched =
        new WatchedTrial(() -> new Verdict(false, "no answer"), troubles::remove, LATE);
    assertThat(watched.run().detail()).isEqualTo("no leader");
    assertThat(watched.run().detail()).isEqualTo("no answer");
  }
}
