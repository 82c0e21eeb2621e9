package dev.quorate.raft.engine.client;

import dev.quorate.raft.api.Outcome;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What has a place in a session until the cluster has said what became of it: a command, or nothing
 * any more, in one place or several. The caller may have been told an end before that.
 */
final class Submission {

  private final long sequence;
  private final ByteBuffer command;
  private final long deadlineNanos;

  /** The last of its places. */
  private long through;

  private boolean skipped;

  /** Whether its caller has been told an end. */
  boolean told;

  /** Whether an attempt is on its way. */
  boolean inFlight;

  /** Whether some attempt, of this process or of one before it, may be in the log or get there. */
  boolean mayBeAppended;

  /** Whether the cluster has said what became of it. */
  boolean resolved;

  /** How many attempts came to nothing. */
  int failures;

  /** No attempt before that. */
  long notBeforeNanos;

  /** What the last attempt was rejected for. */
  Optional<Outcome.Rejected> refusal = Optional.empty();

  Submission(long sequence, ByteBuffer command, long deadlineNanos) {
    this.sequence = sequence;
    this.through = sequence;
    this.command = command;
    this.deadlineNanos = deadlineNanos;
  }

  long sequence() {
    return sequence;
  }

  long through() {
    return through;
  }

  ByteBuffer command() {
    return command;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - notBeforeNanos >= 0;
  }

  /** Nobody waits for the command, and nothing of it is anywhere: its place is left empty. */
  void skip() {
    skipped = true;
    failures = 0;
    refusal = Optional.empty();
  }

  boolean isSkipped() {
    return skipped;
  }

  /** The places behind it are left empty together with its own. */
  void skipThrough(long last) {
    through = last;
  }
}
