package dev.quorate.raft.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long NOW = -3 * SECOND;

  private static int take(RetryBudget budget, int times, long now) {
    return (int) IntStream.range(0, times).filter(i -> budget.take(now, 0) == now).count();
  }

  /** A budget of twenty, of which time brings two each second, and nothing left of them. */
  private static RetryBudget empty() {
    RetryBudget budget = new RetryBudget(20, NOW);
    assertThat(take(budget, 100, NOW)).isEqualTo(20);
    return budget;
  }

  @Test
  void tenSuccessesPayForOneRepetition() {
    RetryBudget budget = empty();
    for (int i = 0; i < 9; i++) {
      budget.succeeded(NOW);
      assertThat(take(budget, 1, NOW)).isZero();
    }
    budget.succeeded(NOW);
    assertThat(take(budget, 5, NOW)).isEqualTo(1);
    for (int i = 0; i < 55; i++) {
      budget.succeeded(NOW);
    }
    assertThat(take(budget, 100, NOW)).isEqualTo(5);
  }

  @Test
  void timePaysForAllInTenSeconds() {
    RetryBudget budget = empty();
    assertThat(take(budget, 5, NOW + SECOND / 2 - 1)).isZero();
    assertThat(take(budget, 5, NOW + SECOND / 2)).isEqualTo(1);
    assertThat(take(budget, 5, NOW + 2 * SECOND)).isEqualTo(3);
    assertThat(take(budget, 100, NOW + 12 * SECOND)).isEqualTo(20);
  }

  @Test
  void itNeverHoldsMoreThanItsMaximum() {
    RetryBudget budget = new RetryBudget(20, NOW);
    for (int i = 0; i < 1_000; i++) {
      budget.succeeded(NOW);
    }
    long later = NOW + 3_600 * SECOND;
    assertThat(take(budget, 100, NOW)).isEqualTo(20);
    assertThat(take(budget, 100, later)).isEqualTo(20);
    for (int i = 0; i < 1_000; i++) {
      budget.succeeded(later);
    }
    assertThat(take(budget, 100, later)).isEqualTo(20);
    assertThat(take(budget, 100, later)).isZero();
  }

  @Test
  void whatIsRefusedIsNotOwed() {
    RetryBudget budget = empty();
    assertThat(take(budget, 10_000, NOW)).isZero();
    assertThat(take(budget, 5, NOW + SECOND / 2)).isEqualTo(1);
  }

  @Test
  void whoWaitsIsPromisedWhatTimeBringsOneAfterTheOther() {
    RetryBudget budget = empty();
    for (int i = 1; i <= 3; i++) {
      assertThat(budget.take(NOW, SECOND * 3 / 2)).isEqualTo(NOW + i * SECOND / 2);
    }
    assertThat(budget.take(NOW, SECOND * 3 / 2))
        .as("longer than it wants to wait")
        .isEqualTo(NOW + 2 * SECOND);
    assertThat(take(budget, 5, NOW + 2 * SECOND - 1)).as("others get what is left").isZero();
    assertThat(take(budget, 5, NOW + 2 * SECOND)).isEqualTo(1);
  }

  @Test
  void noMoreIsPromisedThanTimeBringsInTenSeconds() {
    RetryBudget budget = empty();
    long promised =
        IntStream.range(0, 10_000)
            .mapToLong(i -> budget.take(NOW, RetryBudget.PERIOD_NANOS))
            .filter(due -> due <= NOW + RetryBudget.PERIOD_NANOS)
            .count();
    assertThat(promised).isEqualTo(20);
    assertThat(take(budget, 5, NOW + 10 * SECOND)).isZero();
    assertThat(take(budget, 5, NOW + 11 * SECOND)).isEqualTo(2);
  }

  @Test
  void ofAnUnlimitedOneNothingIsEverGone() {
    RetryBudget budget = new RetryBudget(RetryBudget.UNLIMITED, NOW);
    assertThat(take(budget, 100_000, NOW)).isEqualTo(100_000);
  }

  @Test
  void whatManyThreadsTakeIsCounted() throws InterruptedException {
    RetryBudget budget = new RetryBudget(1_000_000, NOW);
    AtomicInteger taken = new AtomicInteger();
    CyclicBarrier start = new CyclicBarrier(4);
    List<Thread> threads =
        Stream.generate(() -> new Thread(() -> taken.addAndGet(takeTogether(budget, start))))
            .limit(4)
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken).hasValue(1_000_000);
  }

  private static int takeTogether(RetryBudget budget, CyclicBarrier start) {
    try {
      start.await();
      return take(budget, 1_000_000, NOW);
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }
}
