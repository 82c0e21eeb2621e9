package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.Effects.Completion;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * When this node takes snapshots, and what it drops of its log behind them (Ongaro's dissertation,
 * chapter 5). Every node does so for itself. One snapshot is under way at a time; whatever keeps it
 * from being taken, a full disk first of all (rule P5), costs nothing but the attempt, which is
 * repeated after a pause. All is looked at in every turn, of which there is one every election
 * timeout at least.
 */
final class Compaction {

  /**
   * How many snapshots may be taken while entries are kept for a peer that is being sent an older
   * one: it bounds the log by so many times what a snapshot is taken after.
   */
  private static final int MAX_PINNED_SNAPSHOTS = 8;

  private final NodeState state;
  private final SnapshotSettings settings;

  /**
   * Calls that want a snapshot, by number: it must contain what was committed when they came.
   * Whoever calls may have the result of a command that this node's turns do not know to be applied
   * yet.
   */
  private final TreeMap<Long, Long> wanted = new TreeMap<>();

  private final Tail tail;
  private boolean underWay;
  private boolean impossible;
  private long appliedBytes;
  private long bytesAtCapture;
  private long bytesAtNewest;
  private long newestNanos;
  private final BackOff backOff = new BackOff();
  private long pinnedIndex = Long.MAX_VALUE;
  private int takenSincePinned;

  Compaction(NodeState state, SnapshotSettings settings, Time now) {
    this.state = state;
    this.settings = settings;
    this.tail = new Tail(settings.tailEntries(), settings.tailBytes());
    this.newestNanos = now.nanos();
  }

  /** Somebody of this process wants a snapshot that contains all that is committed now. */
  void onRequest(long number, Effects effects) {
    if (state.applyFault().isPresent()) {
      fail(number, state.applyFault().get(), effects);
    } else {
      wanted.put(number, state.commitIndex());
      state
          .snapshot()
          .filter(snapshot -> !state.isSnapshotDamaged())
          .ifPresent(snapshot -> serve(snapshot, effects));
    }
  }

  void onDeadline(long number, Effects effects) {
    if (wanted.remove(number) != null) {
      fail(number, "it was not durable yet when the deadline passed", effects);
    }
  }

  /** A snapshot of this node is durable. */
  void onTaken(StoredSnapshot snapshot, Time now, Effects effects) {
    underWay = false;
    takenSincePinned++;
    backOff.reset();
    boolean replaces = state.isSnapshotDamaged() && snapshot.index() == state.snapshotIndex();
    if (replaces || snapshot.index() > state.snapshotIndex()) {
      state.snapshot(snapshot);
      newestNanos = now.nanos();
      bytesAtNewest = bytesAtCapture;
    }
    serve(snapshot, effects);
  }

  /**
   * A snapshot of this node turned out to be damaged. If it is the newest, another one takes its
   * place at once, also if nothing was applied since: a peer whose next entry was compacted needs
   * it, and what it contains is still in the state machine.
   */
  void onDamaged(SnapshotId id) {
    state.snapshotDamaged(id);
  }

  /**
   * A snapshot could not be taken.
   *
   * @param forever whether the state machine has none at all
   */
  void onFailed(String reason, boolean forever, Time now, Effects effects) {
    underWay = false;
    impossible |= forever;
    backOff.failed(now);
    refuseAll(reason, effects);
  }

  /** Ends all calls that want a snapshot. */
  void refuseAll(String reason, Effects effects) {
    for (long number : wanted.keySet()) {
      fail(number, reason, effects);
    }
    wanted.clear();
  }

  /** A snapshot of another node has taken the place of the log. */
  void onInstalled(StoredSnapshot snapshot, Time now) {
    state.snapshot(snapshot);
    newestNanos = now.nanos();
    bytesAtNewest = appliedBytes;
  }

  /**
   * Begins a snapshot if one is due, and drops of the log what is not needed.
   *
   * @param appliedBytesNow how many bytes of entries were applied since the start
   * @param pinned the lowest index behind which a peer that is being sent a snapshot will need the
   *     log
   */
  void endTurn(long appliedBytesNow, OptionalLong pinned, Time now, Effects effects) {
    appliedBytes = appliedBytesNow;
    tail.applied(state.appliedIndex(), appliedBytes);
    if (isDue(now)) {
      underWay = true;
      bytesAtCapture = appliedBytes;
      effects.snapshotTask(new SnapshotTask.Capture());
    }
    compact(pinned);
  }

  /** Whether none is under way, wanted or due. */
  boolean isIdle(Time now) {
    return !underWay && wanted.isEmpty() && !isToReplace() && now.nanos() < dueNanos();
  }

  /** Whether the newest is damaged, and the state that it was taken of is there. */
  private boolean isToReplace() {
    return state.isSnapshotDamaged()
        && state.appliedIndex() >= state.snapshotIndex()
        && !impossible;
  }

  /** When one is due by time alone, if nothing more is applied. */
  long dueNanos() {
    boolean timed = settings.intervalNanos() > 0 && !impossible;
    return timed && state.appliedIndex() > state.snapshotIndex()
        ? newestNanos + settings.intervalNanos()
        : Long.MAX_VALUE;
  }

  private boolean isDue(Time now) {
    if (underWay || state.applyFault().isPresent()) {
      return false;
    }
    return wanted.values().stream().anyMatch(index -> index <= state.appliedIndex())
        || isDueByItself(now);
  }

  private boolean isDueByItself(Time now) {
    long entries = state.appliedIndex() - state.snapshotIndex();
    boolean due =
        reaches(entries, settings.afterEntries())
            || reaches(appliedBytes - bytesAtNewest, settings.afterBytes())
            || reaches(now.nanos() - newestNanos, settings.intervalNanos());
    return (isToReplace() || due && entries > 0 && !impossible) && !backOff.pauses(now);
  }

  private static boolean reaches(long value, long bound) {
    return bound > 0 && value >= bound;
  }

  private void compact(OptionalLong pinned) {
    if (pinned.orElse(Long.MAX_VALUE) != pinnedIndex) {
      pinnedIndex = pinned.orElse(Long.MAX_VALUE);
      takenSincePinned = 0;
    }
    long through = tail.beginning(state.snapshotIndex());
    if (takenSincePinned < MAX_PINNED_SNAPSHOTS) {
      through = Math.min(through, pinnedIndex);
    }
    if (through > state.log().baseIndex()) {
      state.log().compact(through);
    }
  }

  private void serve(StoredSnapshot snapshot, Effects effects) {
    List<Long> served =
        wanted.entrySet().stream()
            .filter(want -> want.getValue() <= snapshot.index())
            .map(Map.Entry::getKey)
            .toList();
    for (long number : served) {
      wanted.remove(number);
      end(number, new SnapshotOutcome.Taken(snapshot.index(), snapshot.id().length()), effects);
    }
  }

  private static void fail(long number, String message, Effects effects) {
    end(number, new SnapshotOutcome.Failed(message), effects);
  }

  private static void end(long number, SnapshotOutcome outcome, Effects effects) {
    effects.complete(new Completion.Snapshot(number, outcome));
  }
}
