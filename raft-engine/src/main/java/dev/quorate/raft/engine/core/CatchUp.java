package dev.quorate.raft.engine.core;

/**
 * A learner that is to be a voter is sent the log in rounds: each is what was written during the
 * one before. A round that took less than an election timeout is short enough: when the learner has
 * a vote, nobody waits longer for it than for a leader (Ongaro's dissertation, section 4.2.1).
 */
final class CatchUp {

  private final long shortNanos;
  private int round = 1;
  private long targetIndex;
  private long begunNanos;
  private boolean done;

  /** The first round ends where the log ends now. */
  CatchUp(long lastIndex, long shortNanos, Time now) {
    this.targetIndex = lastIndex;
    this.shortNanos = shortNanos;
    this.begunNanos = now.nanos();
  }

  /** The learner has the log up to an index, which itself goes on to another. */
  void look(long matchIndex, long lastIndex, Time now) {
    if (done || matchIndex < targetIndex) {
      return;
    }
    if (now.nanos() - begunNanos < shortNanos) {
      done = true;
    } else {
      round++;
      targetIndex = lastIndex;
      begunNanos = now.nanos();
    }
  }

  /** Whether the learner may be given a vote. */
  boolean isDone() {
    return done;
  }

  /** The round it is in, from 1. */
  int round() {
    return round;
  }

  /** Where the round ends. */
  long targetIndex() {
    return targetIndex;
  }
}
