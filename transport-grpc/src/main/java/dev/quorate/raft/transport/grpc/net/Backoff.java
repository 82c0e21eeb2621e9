package dev.quorate.raft.transport.grpc.net;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts to reach a peer: the first retries come fast, because most peers that
 * vanish are being restarted; then each pause doubles up to a bound. Jitter keeps nodes that lost
 * the same peer from dialling it in step.
 */
final class Backoff {

  private static final long FIRST_NANOS = Duration.ofMillis(10).toNanos();

  private final long maxNanos;
  private long nextNanos = FIRST_NANOS;

  Backoff(Duration max) {
    maxNanos = max.toNanos();
  }

  /** The pause before the next attempt, from half of the nominal one up to all of it. */
  long nextNanos() {
    long nominal = Math.min(nextNanos, maxNanos);
    nextNanos = Math.min(2 * nominal, maxNanos);
    return nominal / 2 + ThreadLocalRandom.current().nextLong(nominal / 2 + 1);
  }

  void reset() {
    nextNanos = FIRST_NANOS;
  }
}
