package dev.quorate.raft.api;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened to a node, as its flight recorder keeps it.
 *
 * @param at when, by the node's wall clock
 * @param kind what it is about
 * @param term the node's term then, 0 if it had none yet
 * @param message what happened, for people
 */
public record NodeEvent(Instant at, Kind kind, long term, String message) {

  /** Checks that nothing is missing. */
  public NodeEvent {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
  }

  /** What an event is about. */
  public enum Kind {
    /** The node's role, and with it elections. */
    ROLE,
    /** The leader that it knows. */
    LEADER,
    /** Whether it can do its work. */
    CONDITION,
    /** Who is in the group. */
    MEMBERSHIP,
    /** Snapshots, taken or installed. */
    SNAPSHOT,
    /** A disk that is full or hangs, or no longer. */
    STORAGE,
    /** The leadership being handed over. */
    TRANSFER,
    /** Another member that is gone, or back, as a leader or a transport sees it. */
    PEER
  }

  @Override
  public String toString() {
    return at + " term " + term + " " + kind + ": " + message;
  }
}
