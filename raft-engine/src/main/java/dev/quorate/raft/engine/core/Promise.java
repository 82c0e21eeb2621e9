package dev.quorate.raft.engine.core;

/**
 * What a voter has promised a leader that works with leases (rule P9): to vote for nobody else for
 * a while, and not to stand itself. It outlives the knowledge of a leader: a higher term that comes
 * from somewhere makes a voter forget its leader, but not what it promised. Only a transfer sets it
 * aside, because a leader that hands over has given its lease up before.
 */
final class Promise {

  private long untilNanos = Contact.NEVER;

  /** Promises from now on, for that long. */
  void give(long nanos, Time now) {
    untilNanos = Math.max(untilNanos, now.nanos() + nanos);
  }

  boolean binds(Time now) {
    return now.nanos() - untilNanos < 0 && untilNanos != Contact.NEVER;
  }
}
