package dev.quorate.raft.api;

import java.util.Objects;

/** What became of a request for a snapshot. */
public sealed interface SnapshotOutcome {

  /**
   * A snapshot is durable on this node.
   *
   * @param index the index of the last entry whose effect it contains; no less than what this node
   *     had applied when it was asked
   * @param bytes how long it is
   */
  record Taken(long index, long bytes) implements SnapshotOutcome {}

  /**
   * There is no new snapshot, at least not yet. Nothing was lost.
   *
   * @param message why, for people
   */
  record Failed(String message) implements SnapshotOutcome {
    /** Checks that there is a message. */
    public Failed {
      Objects.requireNonNull(message, "message");
    }
  }
}
