package dev.quorate.raft.testkit.internal.tests;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline and without a fixed sleep. */
public final class Await {

  /** A time that is ample for anything that is going to happen. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Await() {}

  /** Fails the test if the condition does not come true within a time that is ample. */
  public static void until(String what, BooleanSupplier condition) {
    within(PATIENCE, what, condition);
  }

  /** Fails the test if the condition does not come true within the given time. */
  public static void within(Duration patience, String what, BooleanSupplier condition) {
    if (!holdsWithin(patience, condition)) {
      fail("not within " + patience + ": " + what);
    }
  }

  /** Whether the condition comes true within the given time. */
  public static boolean holdsWithin(Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** Lets time pass in which something must <i>not</i> happen. */
  public static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
