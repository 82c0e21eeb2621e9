package dev.quorate.raft.api;

import java.util.Objects;

/**
 * How far another member is, as the leader sees it.
 *
 * @param node the member
 * @param voter whether it has a vote
 * @param matchIndex the highest index known to be durable there and equal to the leader's log
 * @param nextIndex the index of the next entry to send
 * @param state how entries are sent to it
 * @param active whether it has answered within the last election timeout
 * @param snapshotBytes how much it has of the snapshot that it is to fetch, as it said last; 0 if
 *     it is to fetch none
 * @param snapshotLength how long that snapshot is, in bytes; 0 if it is to fetch none
 */
public record PeerStatus(
    NodeId node,
    boolean voter,
    long matchIndex,
    long nextIndex,
    State state,
    boolean active,
    long snapshotBytes,
    long snapshotLength) {

  /** Checks that nothing is missing. */
  public PeerStatus {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(state, "state");
  }

  /** How a leader sends entries to a peer. */
  public enum State {
    /** One message at a time, until it is known where the logs agree. */
    PROBING,
    /** Many messages at a time, up to the bound on bytes in flight. */
    PIPELINING,
    /** No messages with entries, until it has a snapshot: what it lacks was compacted. */
    SNAPSHOTTING
  }
}
