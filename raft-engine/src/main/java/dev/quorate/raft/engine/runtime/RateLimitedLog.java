package dev.quorate.raft.engine.runtime;

import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Warnings that a stranger, or a fault that goes on, could cause without end: of each kind one line
 * in a while, with the number of those that were left out. Kinds are constants, so that there are
 * few.
 */
final class RateLimitedLog {

  private static final long INTERVAL_NANOS = 10_000_000_000L;

  private final System.Logger logger;
  private final Environment environment;
  private final ConcurrentMap<String, Kind> kinds = new ConcurrentHashMap<>();

  private static final class Kind {
    private final AtomicLong nextNanos = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong leftOut = new AtomicLong();
  }

  RateLimitedLog(System.Logger logger, Environment environment) {
    this.logger = logger;
    this.environment = environment;
  }

  void warn(String kind, String message) {
    warn(kind, message, null);
  }

  /** The same with what was thrown; null if nothing was. */
  void warn(String kind, String message, Throwable cause) {
    Kind state = kinds.computeIfAbsent(kind, k -> new Kind());
    long now = environment.nanoTime();
    long next = state.nextNanos.get();
    if (now < next || !state.nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      state.leftOut.incrementAndGet();
      return;
    }
    long leftOut = state.leftOut.getAndSet(0);
    String line = leftOut == 0 ? message : message + " (" + leftOut + " like it left out)";
    if (cause == null) {
      logger.log(Level.WARNING, line);
    } else {
      logger.log(Level.WARNING, line, cause);
    }
  }
}
