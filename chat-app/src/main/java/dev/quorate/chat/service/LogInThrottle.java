package dev.quorate.chat.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/**
 * Slows guessing down: after some failures in a row for one name, attempts on this node must keep a
 * distance that doubles up to a few seconds. Names that do not exist are treated alike. Nobody is
 * locked out: an attempt after the pause counts, and a success forgets all failures. The number of
 * names is bounded; whoever was quiet longest is forgotten first, and to push a name out costs more
 * hashing than the pauses save.
 */
final class LogInThrottle {

  private static final int FREE_ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
  private static final int MAX_NAMES = 10_000;

  private final LongSupplier nanoTime;

  /** The longest quiet first. */
  private final LinkedHashMap<String, Attempts> names = new LinkedHashMap<>();

  private record Attempts(int count, long last) {}

  LogInThrottle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Begins an attempt, which counts as failed unless {@link #succeeded} or {@link #undecided} is
   * said: else many attempts at once would all be free.
   *
   * @return zero if it may go on, else how long to wait before the next one
   */
  synchronized Duration begin(String name) {
    long now = nanoTime.getAsLong();
    Attempts known = names.get(name);
    if (known == null || now - known.last() >= FORGOTTEN_AFTER.toNanos()) {
      known = new Attempts(0, now);
    }
    if (known.count() >= FREE_ATTEMPTS) {
      long wait = pause(known.count()).toNanos() - (now - known.last());
      if (wait > 0) {
        return Duration.ofNanos(wait);
      }
    }
    put(name, new Attempts(known.count() + 1, now));
    return Duration.ZERO;
  }

  /** The attempt failed: the pause begins now, and not when the slow comparison began. */
  synchronized void failed(String name) {
    names.computeIfPresent(name, (key, known) -> new Attempts(known.count(), nanoTime.getAsLong()));
  }

  /** The attempt succeeded. */
  synchronized void succeeded(String name) {
    names.remove(name);
  }

  /** The attempt was neither right nor wrong: it could not be checked. */
  synchronized void undecided(String name) {
    names.computeIfPresent(
        name, (key, known) -> new Attempts(Math.max(0, known.count() - 1), known.last()));
  }

  private void put(String name, Attempts attempts) {
    names.remove(name);
    if (names.size() >= MAX_NAMES) {
      names.remove(names.keySet().iterator().next());
    }
    names.put(name, attempts);
  }

  private static Duration pause(int count) {
    int doublings = Math.min(count - FREE_ATTEMPTS, Integer.SIZE - 2);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
