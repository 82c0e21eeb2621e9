package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.engine.core.CoreView;
import java.util.Arrays;
import java.util.Optional;

/**
 * Measures a group by what its loop shows after each turn, so that the core knows nothing of it.
 * Nothing is done if nobody takes what is measured.
 */
final class Measuring {

  private static final long NEVER_TOLD = -1;

  private final RaftMetrics metrics;
  private final boolean taken;
  private final long[] told = new long[Metric.values().length];
  private final Stopwatch commits = new Stopwatch();
  private final Stopwatch applies = new Stopwatch();
  private Role role = Role.FOLLOWER;
  private long term;
  private long ledTerm;
  private Optional<NodeId> leader = Optional.empty();
  private long leaderTerm;
  private long appliedIndex;
  private boolean hasLooked;

  Measuring(RaftMetrics metrics) {
    this.metrics = metrics;
    this.taken = metrics != RaftMetrics.NONE;
    Arrays.fill(told, NEVER_TOLD);
    for (Metric metric : Metric.values()) {
      if (metric.kind() == Metric.Kind.COUNTER) {
        metrics.record(metric, 0);
      }
    }
  }

  /** A message was dropped. For any thread. */
  void droppedMessage() {
    metrics.record(Metric.DROPPED_MESSAGES, 1);
  }

  /** A call was refused because too many are under way. For any thread. */
  void refusedCall() {
    metrics.record(Metric.REFUSED_CALLS, 1);
  }

  /** Looks at the group after a turn. Only for the node loop. */
  void look(
      Optional<CoreView> view,
      NodeCondition condition,
      int pendingCalls,
      long inboxBytes,
      long nowNanos) {
    if (!taken) {
      return;
    }
    gauge(Metric.WORKING, condition instanceof NodeCondition.Working ? 1 : 0);
    gauge(Metric.PENDING_CALLS, pendingCalls);
    gauge(Metric.INBOX_BYTES, inboxBytes);
    view.ifPresent(seen -> look(seen, nowNanos));
  }

  private void look(CoreView view, long nowNanos) {
    gauge(Metric.TERM, view.term());
    gauge(Metric.ROLE, number(view.role()));
    gauge(Metric.COMMIT_INDEX, view.commitIndex());
    gauge(Metric.APPLIED_INDEX, view.appliedIndex());
    gauge(Metric.LAST_INDEX, view.lastIndex());
    gauge(Metric.DURABLE_INDEX, view.durableIndex());
    gauge(Metric.SNAPSHOT_INDEX, view.snapshotIndex());
    gauge(Metric.IN_FLIGHT_BYTES, view.inFlightBytes());
    gauge(Metric.WAITING_COMMANDS, view.waitingCommands());
    gauge(Metric.UNFORCED_BYTES, view.unforcedBytes());
    gauge(Metric.SILENT_PEERS, silent(view));
    if (hasLooked) {
      measureEntries(view, nowNanos);
    }
    hasLooked = true;
    appliedIndex = view.appliedIndex();
    countElections(view);
  }

  private static long silent(CoreView view) {
    long silent = 0;
    for (PeerStatus peer : view.peers()) {
      silent += peer.active() ? 0 : 1;
    }
    return silent;
  }

  private static long number(Role role) {
    return switch (role) {
      case FOLLOWER -> 0;
      case PRE_CANDIDATE -> 1;
      case CANDIDATE -> 2;
      case LEADER -> 3;
      case LEARNER -> 4;
    };
  }

  private void measureEntries(CoreView view, long nowNanos) {
    if (view.appliedIndex() > appliedIndex) {
      metrics.record(Metric.APPLIED_ENTRIES, view.appliedIndex() - appliedIndex);
    }
    if (view.role() == Role.LEADER && view.term() == ledTerm) {
      commits.begin(view.lastIndex(), nowNanos);
      commits.end(view.commitIndex(), nowNanos, Metric.COMMIT_LATENCY, metrics);
    } else {
      commits.reset(view.lastIndex());
    }
    applies.begin(view.commitIndex(), nowNanos);
    applies.end(view.appliedIndex(), nowNanos, Metric.APPLY_LATENCY, metrics);
  }

  private void countElections(CoreView view) {
    boolean newTerm = view.term() != term;
    if (view.role() == Role.CANDIDATE && (role != Role.CANDIDATE || newTerm)) {
      metrics.record(Metric.ELECTIONS, 1);
    }
    if (view.role() == Role.LEADER && view.term() != ledTerm) {
      ledTerm = view.term();
      metrics.record(Metric.ELECTIONS_WON, 1);
    }
    if (view.leader().isPresent() && (view.term() != leaderTerm || !view.leader().equals(leader))) {
      leader = view.leader();
      leaderTerm = view.term();
      metrics.record(Metric.LEADER_CHANGES, 1);
    }
    role = view.role();
    term = view.term();
  }

  private void gauge(Metric metric, long value) {
    if (told[metric.ordinal()] != value) {
      told[metric.ordinal()] = value;
      metrics.record(metric, value);
    }
  }
}
