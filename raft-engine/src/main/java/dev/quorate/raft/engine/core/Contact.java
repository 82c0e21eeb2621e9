package dev.quorate.raft.engine.core;

import dev.quorate.raft.engine.message.Message.Freshness;

/**
 * What a peer's answers to heartbeats say about time. A heartbeat names when it was sent, and its
 * answer repeats that and names when it was given, each by its own clock, as in TCP's timestamps
 * (RFC 7323). So the leader knows up to when the peer has followed it, however long the messages
 * took, and can name moments by the peer's clock.
 */
final class Contact {

  /** Before all times. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * Of a promise only so much is relied upon, in quarters: a lease ends before the promise does
   * even if the voter's clock is a tenth too fast and the leader's a tenth too slow.
   */
  private static final long RELIED_UPON = 3;

  private static final long OF = 4;

  private long followedNanos = NEVER;
  private long promisedUntilNanos = NEVER;
  private long boot;
  private long answeredNanos;
  private long receivedNanos;

  /** An answer came, of this term. */
  void answered(long peerBoot, long sentNanos, long peerNanos, long promisedNanos, Time now) {
    if (sentNanos == NEVER) {
      return;
    }
    followedNanos = Math.max(followedNanos, sentNanos);
    if (promisedNanos > 0) {
      // From the sending on, which was before the voter began to keep it.
      promisedUntilNanos =
          Math.max(promisedUntilNanos, sentNanos + promisedNanos / OF * RELIED_UPON);
    }
    boot = peerBoot;
    answeredNanos = peerNanos;
    receivedNanos = now.nanos();
  }

  /** The latest moment, by the leader's clock, at which the peer had no other leader. */
  long followedNanos() {
    return followedNanos;
  }

  /** Until when, by the leader's clock, the peer certainly elects nobody else. */
  long promisedUntilNanos() {
    return promisedUntilNanos;
  }

  /**
   * For the peer: up to when this leader vouches for an index, because it led at that moment. If
   * the peer's answer came later than that moment, it is named by how much later, at most, it was
   * given; if earlier, by the answer itself, which is as good as the peer can tell.
   */
  Freshness freshness(long ledNanos, long index) {
    if (boot == 0 || ledNanos == NEVER) {
      return Freshness.NONE;
    }
    return new Freshness(boot, answeredNanos - Math.max(0, receivedNanos - ledNanos), index);
  }
}
