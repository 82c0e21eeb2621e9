package dev.quorate.raft.api;

import java.time.Duration;
import java.util.Objects;

/**
 * How much of what has happened an answer to a read must reflect. Every level answers from state
 * that the whole group agreed on: nothing that is read is ever undone. They differ in how late that
 * state may be, and in what it costs to be sure.
 *
 * <table>
 * <caption>What each level costs</caption>
 * <tr><th>level</th><th>messages</th><th>works without a quorum</th></tr>
 * <tr><td>{@link Linearizable}</td><td>one round, shared by all that wait</td><td>no</td></tr>
 * <tr><td>{@link Lease}</td><td>none on a leader with a lease, else as above</td><td>no</td></tr>
 * <tr><td>{@link AtLeast}</td><td>none</td><td>yes, for what the node has applied</td></tr>
 * <tr><td>{@link Stale}</td><td>none</td><td>yes, for as long as the lag allows</td></tr>
 * </table>
 */
public sealed interface ReadConsistency {

  /** The default. */
  ReadConsistency LINEARIZABLE = new Linearizable();

  /** As linearizable, as long as clocks run as they should. */
  ReadConsistency LEASE = new Lease();

  /**
   * State that is at most so old.
   *
   * @param maxLag how old, more than zero
   * @return the level
   */
  static ReadConsistency stale(Duration maxLag) {
    return new Stale(maxLag);
  }

  /**
   * State that reflects a certain entry.
   *
   * @param index the entry's index, zero or more
   * @return the level
   */
  static ReadConsistency atLeast(long index) {
    return new AtLeast(index);
  }

  /**
   * The answer reflects every command whose outcome was known, to anybody, before the read began,
   * whichever node is asked (Ongaro's dissertation, section 6.4, ReadIndex).
   */
  record Linearizable() implements ReadConsistency {}

  /**
   * As {@link Linearizable}, but a leader that holds a lease answers at once, without asking a
   * quorum: voters have promised to elect nobody else for a while. That is true as long as no two
   * nodes' monotonic clocks run at rates that differ by more than a quarter; stopped processes,
   * slow messages and wall clocks that are set do no harm.
   *
   * <p>Leases are off unless the settings that the group's members share have them on; these begin
   * as {@code raft.lease} says at the first leader. Without a lease, and on every other node than
   * the leader, the read is made linearizable as if it had been asked for so.
   */
  record Lease() implements ReadConsistency {}

  /**
   * The answer reflects every command whose outcome was known, to anybody, more than {@code maxLag}
   * before the read began. The node answers by itself and at once, or refuses with {@link
   * RejectReason#TOO_STALE}: it never waits.
   *
   * <p>The lag is measured by this node's monotonic clock, from a moment at which the leader sent
   * messages to which a quorum then answered, so that it was the leader at that moment, to the
   * moment of the read. Delays of messages, pauses of processes and leaders that were deposed
   * without knowing it therefore make the measured lag longer, never the answer older than it says.
   * It is exact as far as the clocks of this node and of the leader run equally fast while two
   * heartbeats pass. In a group at rest the lag is between one and three heartbeats ({@code
   * raft.heartbeat}); a {@code maxLag} below that is often refused.
   *
   * @param maxLag how old the state may be, more than zero
   */
  record Stale(Duration maxLag) implements ReadConsistency {
    /** Checks that the lag is more than zero. */
    public Stale {
      Objects.requireNonNull(maxLag, "maxLag");
      if (maxLag.isNegative() || maxLag.isZero()) {
        throw new IllegalArgumentException("a lag of " + maxLag + " is not more than zero");
      }
    }
  }

  /**
   * The answer reflects the entry at {@code index} and all before it: read your writes, with the
   * index of {@link Outcome.Applied}, or never go back, with the index of an earlier {@link
   * ReadOutcome.Answered}, whichever node was asked then. The node waits by itself until it has
   * applied that much; an index that the log does not reach before the deadline ends as {@link
   * RejectReason#TIMED_OUT}.
   *
   * @param index the log index that must be applied, zero or more
   */
  record AtLeast(long index) implements ReadConsistency {
    /** Checks that the index is not negative. */
    public AtLeast {
      if (index < 0) {
        throw new IllegalArgumentException("index " + index + " is below zero");
      }
    }
  }
}
