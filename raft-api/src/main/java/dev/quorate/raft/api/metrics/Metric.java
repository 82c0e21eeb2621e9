package dev.quorate.raft.api.metrics;

/**
 * All that a node measures. Names are stable: dashboards are built on them. Gauges and latencies
 * are looked at after each turn of the node's loop, so that what comes and goes within one turn, a
 * fraction of a millisecond, is not seen.
 */
public enum Metric {
  /** The current term. */
  TERM("raft.term", Kind.GAUGE, Unit.COUNT),
  /** 0 for a follower, 1 pre-candidate, 2 candidate, 3 leader, 4 learner. */
  ROLE("raft.role", Kind.GAUGE, Unit.COUNT),
  /** 1 if the node takes part in its group, 0 if it is degraded, closed, no member or forming. */
  WORKING("raft.working", Kind.GAUGE, Unit.COUNT),
  /** The highest index that is known to be committed. */
  COMMIT_INDEX("raft.index.commit", Kind.GAUGE, Unit.COUNT),
  /** The highest index that the state machine has applied. */
  APPLIED_INDEX("raft.index.applied", Kind.GAUGE, Unit.COUNT),
  /** The last index of the log. */
  LAST_INDEX("raft.index.last", Kind.GAUGE, Unit.COUNT),
  /** The last index that is forced to the disk. */
  DURABLE_INDEX("raft.index.durable", Kind.GAUGE, Unit.COUNT),
  /** The index of the newest snapshot. */
  SNAPSHOT_INDEX("raft.index.snapshot", Kind.GAUGE, Unit.COUNT),
  /** Calls of this process that have not ended. */
  PENDING_CALLS("raft.calls.pending", Kind.GAUGE, Unit.COUNT),
  /** Clients outside the cluster that are connected to this node for the group. */
  CLIENTS("raft.clients", Kind.GAUGE, Unit.COUNT),
  /** Client sessions of the group that are open, as of the last applied entry. */
  SESSIONS("raft.sessions", Kind.GAUGE, Unit.COUNT),
  /** Messages that came in and wait for the node's loop. */
  INBOX_BYTES("raft.inbox.bytes", Kind.GAUGE, Unit.BYTES),
  /** Entries on their way to all peers together, of a leader. */
  IN_FLIGHT_BYTES("raft.in-flight.bytes", Kind.GAUGE, Unit.BYTES),
  /** Commands that wait here to be appended or handed to the leader. */
  WAITING_COMMANDS("raft.commands.waiting", Kind.GAUGE, Unit.COUNT),
  /** Commands that are on their way to this node's disk. */
  UNFORCED_BYTES("raft.unforced.bytes", Kind.GAUGE, Unit.BYTES),
  /** Members that have not answered a leader within the longest election timeout. */
  SILENT_PEERS("raft.peers.silent", Kind.GAUGE, Unit.COUNT),
  /** How much is here of the snapshot that is being fetched; 0 if none is. */
  SNAPSHOT_FETCHED_BYTES("raft.snapshot.fetched", Kind.GAUGE, Unit.BYTES),
  /** How long that snapshot is; 0 if none is being fetched. */
  SNAPSHOT_LENGTH_BYTES("raft.snapshot.length", Kind.GAUGE, Unit.BYTES),

  /** Elections in which this node stood. */
  ELECTIONS("raft.elections", Kind.COUNTER, Unit.COUNT),
  /** Elections that it won. */
  ELECTIONS_WON("raft.elections.won", Kind.COUNTER, Unit.COUNT),
  /** How often it learnt of a leader of another term. */
  LEADER_CHANGES("raft.leader.changes", Kind.COUNTER, Unit.COUNT),
  /** Calls that were refused because too many were under way. */
  REFUSED_CALLS("raft.calls.refused", Kind.COUNTER, Unit.COUNT),
  /** Messages that were dropped because too many waited. */
  DROPPED_MESSAGES("raft.messages.dropped", Kind.COUNTER, Unit.COUNT),
  /** Entries that were applied. */
  APPLIED_ENTRIES("raft.entries.applied", Kind.COUNTER, Unit.COUNT),
  /** Snapshots that this node took. */
  SNAPSHOTS_TAKEN("raft.snapshots.taken", Kind.COUNTER, Unit.COUNT),
  /** Captured states that could not be written. */
  SNAPSHOTS_FAILED("raft.snapshots.failed", Kind.COUNTER, Unit.COUNT),
  /** Snapshots that this node fetched from another. */
  SNAPSHOTS_FETCHED("raft.snapshots.fetched", Kind.COUNTER, Unit.COUNT),
  /** How much of its snapshots was sent to others that fetch them. */
  SNAPSHOT_SERVED_BYTES("raft.snapshot.served", Kind.COUNTER, Unit.BYTES),

  /** From the append of entries by this leader until they are committed; one a turn. */
  COMMIT_LATENCY("raft.commit.latency", Kind.SAMPLE, Unit.NANOSECONDS),
  /** From when entries are known here to be committed until they are applied; one a turn. */
  APPLY_LATENCY("raft.apply.latency", Kind.SAMPLE, Unit.NANOSECONDS),
  /** How long it took the disk to make batches durable. */
  FORCE_LATENCY("raft.force.latency", Kind.SAMPLE, Unit.NANOSECONDS),
  /** How many batches one force made durable. */
  FORCE_BATCHES("raft.force.batches", Kind.SAMPLE, Unit.COUNT),
  /** How many bytes of entries one force made durable. */
  FORCE_BYTES("raft.force.bytes", Kind.SAMPLE, Unit.BYTES),
  /** How long it took to write a captured state until it was durable. */
  SNAPSHOT_LATENCY("raft.snapshot.latency", Kind.SAMPLE, Unit.NANOSECONDS);

  private final String key;
  private final Kind kind;
  private final Unit unit;

  Metric(String key, Kind kind, Unit unit) {
    this.key = key;
    this.kind = kind;
    this.unit = unit;
  }

  /**
   * The name outside of this program.
   *
   * @return lower-case words with dots between
   */
  public String key() {
    return key;
  }

  /**
   * What its values mean.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * In what its values are measured.
   *
   * @return the unit
   */
  public Unit unit() {
    return unit;
  }

  /** What the values of a metric mean. */
  public enum Kind {
    /** Each is added to those before. */
    COUNTER,
    /** Each replaces the one before. */
    GAUGE,
    /** Each is one observation of many. */
    SAMPLE
  }

  /** In what a metric is measured. */
  public enum Unit {
    /** A number of things, or a number that counts up. */
    COUNT,
    /** Bytes. */
    BYTES,
    /** Nanoseconds. */
    NANOSECONDS
  }
}
