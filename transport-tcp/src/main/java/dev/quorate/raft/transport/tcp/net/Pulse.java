package dev.quorate.raft.transport.tcp.net;

import java.time.Duration;

/**
 * The signs of life on a link: each end gives one at least every {@link #KEEP_ALIVE_NANOS}, and
 * gives up another from which nothing came for some time. Only the event loop calls.
 */
final class Pulse {

  private static final long KEEP_ALIVE_NANOS = Duration.ofMillis(400).toNanos();

  /** Less silence may come from a pause of the other end's process. */
  private static final long LEAST_SILENCE_NANOS = 3 * KEEP_ALIVE_NANOS;

  private final long silenceNanos;
  private long heardNanos = System.nanoTime();
  private long saidNanos = heardNanos;

  /**
   * The pulse of a link that is up from now on.
   *
   * @param silence how long nothing may come before the other end is given up
   */
  Pulse(Duration silence) {
    silenceNanos = Math.max(silence.toNanos(), LEAST_SILENCE_NANOS);
  }

  /** Something came. */
  void heard() {
    heardNanos = System.nanoTime();
  }

  /** Something was sent. */
  void said(long now) {
    saidNanos = now;
  }

  /** For how many milliseconds nothing came, if that is too long; else 0. */
  long silentMillis(long now) {
    long silent = now - heardNanos;
    return silent >= silenceNanos ? Duration.ofNanos(silent).toMillis() : 0;
  }

  /** Whether it is time for a sign of life. */
  boolean wantsSign(long now) {
    return now - saidNanos >= KEEP_ALIVE_NANOS;
  }
}
