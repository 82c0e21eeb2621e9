package dev.quorate.raft.engine.runtime;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of messages wait in a group's inbox. They are bounded, for the group and for all
 * groups of the host together: Raft sends again what is dropped beyond. For any thread.
 */
final class InboxBytes {

  private static final long MAX_OF_GROUP = 64L << 20;
  private static final long MAX_OF_HOST = 256L << 20;

  private final AtomicLong ofHost;
  private final AtomicLong ofGroup = new AtomicLong();

  /**
   * An empty inbox.
   *
   * @param ofHost counts for all groups of the host
   */
  InboxBytes(AtomicLong ofHost) {
    this.ofHost = ofHost;
  }

  /** Makes room for so many bytes; false if there is none. */
  boolean take(long bytes) {
    boolean fits = ofGroup.addAndGet(bytes) <= MAX_OF_GROUP;
    if (ofHost.addAndGet(bytes) <= MAX_OF_HOST && fits) {
      return true;
    }
    give(bytes);
    return false;
  }

  /** So many bytes do not wait any more. */
  void give(long bytes) {
    ofGroup.addAndGet(-bytes);
    ofHost.addAndGet(-bytes);
  }

  /** How many bytes wait in the group's inbox. */
  long waiting() {
    return ofGroup.get();
  }
}
