package dev.quorate.chat.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Tries what another does, looks at the cluster meanwhile, and says what is wrong with it as soon
 * as that explains why there is no answer. A trial knows only its own calls: one that waits for a
 * node to hash a password would wait as long for a quorum that is lost in the middle.
 */
final class WatchedTrial {

  private static final Duration NEXT_LOOK = Duration.ofMillis(500);

  private final Trial trial;
  private final Supplier<Optional<String>> trouble;
  private final Duration firstLook;

  /**
   * @param trial what is tried; it heeds interrupts
   * @param trouble looks at the cluster and says what is wrong with it, if anything is
   * @param firstLook how long the trial may take before anybody looks
   */
  WatchedTrial(Trial trial, Supplier<Optional<String>> trouble, Duration firstLook) {
    this.trial = trial;
    this.trouble = trouble;
    this.firstLook = firstLook;
  }

  /** Tries it once. What nodes say of themselves explains more than the error of a call. */
  Trial.Verdict run() throws InterruptedException {
    FutureTask<Trial.Verdict> attempt = new FutureTask<>(trial::run);
    Thread worker = new Thread(attempt, "trial");
    worker.setDaemon(true);
    worker.start();
    Duration patience = firstLook;
    while (true) {
      try {
        Trial.Verdict verdict = attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        return verdict.passed()
            ? verdict
            : new Trial.Verdict(false, trouble.get().orElse(verdict.detail()));
      } catch (TimeoutException e) {
        Optional<String> found = trouble.get();
        if (found.isPresent()) {
          attempt.cancel(true);
          return new Trial.Verdict(false, found.get());
        }
        patience = NEXT_LOOK;
      } catch (ExecutionException e) {
        throw new IllegalStateException("the trial itself failed", e.getCause());
      } catch (InterruptedException e) {
        attempt.cancel(true);
        throw e;
      }
    }
  }
}
