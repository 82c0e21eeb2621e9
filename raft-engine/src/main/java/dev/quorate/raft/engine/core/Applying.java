package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects.SnapshotTask;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * Hands committed entries to the state machine, in order, no further than they are durable here
 * (rule P17) and no more at a time than its bound.
 */
final class Applying {

  /** How many batches' worth of entries may wait in the state machine's queue. */
  private static final int BATCHES_AHEAD = 8;

  private final NodeState state;
  private final LogReads reads;
  private final Commands commands;
  private final ArrayDeque<HandedOver> underWay = new ArrayDeque<>();
  private Optional<StoredSnapshot> toRestore;
  private List<LogEntry> fromDisk = List.of();
  private long readToken;
  private long bytesUnderWay;
  private long appliedBytes;
  private long handedOver;

  private record HandedOver(long lastIndex, long bytes) {}

  /** A state machine that has applied nothing and begins with a snapshot, if there is one. */
  Applying(NodeState state, LogReads reads, Commands commands) {
    this.state = state;
    this.reads = reads;
    this.commands = commands;
    this.toRestore = state.snapshot();
  }

  /** How many bytes of entries were applied since the start. */
  long appliedBytes() {
    return appliedBytes;
  }

  /** A snapshot has taken the place of the log: its state, as soon as that is durable. */
  void restore(StoredSnapshot snapshot) {
    toRestore = Optional.of(snapshot);
    fromDisk = List.of();
    readToken = 0;
  }

  void onApplied(long index) {
    if (index < state.appliedIndex() || index > handedOver) {
      throw new InvariantViolation(
          "applied " + index + " after " + state.appliedIndex() + ", handed over to " + handedOver);
    }
    state.applied(index);
    while (!underWay.isEmpty() && underWay.peek().lastIndex <= index) {
      long bytes = underWay.poll().bytes;
      bytesUnderWay -= bytes;
      appliedBytes += bytes;
    }
  }

  void endTurn(Effects effects) {
    if (state.applyFault().isPresent() || !isRestored(effects)) {
      return;
    }
    long limit = state.settings().maxBatchBytes();
    while (handedOver < target() && bytesUnderWay < BATCHES_AHEAD * limit && readToken == 0) {
      long next = handedOver + 1;
      if (state.log().cache().holds(next)) {
        handOver(state.log().cache().slice(next, target(), limit), effects);
      } else if (!fromDisk.isEmpty()) {
        handOver(fromDisk, effects);
        fromDisk = List.of();
      } else {
        readToken = reads.ask(next, target() + 1, limit, this::read, effects);
      }
    }
  }

  /** Hands over the snapshot that is to be restored, once it counts; true if there is none left. */
  private boolean isRestored(Effects effects) {
    if (toRestore.isPresent() && toRestore.get().index() <= target()) {
      effects.snapshotTask(new SnapshotTask.Restore(toRestore.get().id()));
      handedOver = toRestore.get().index();
      commands.contained(handedOver, effects);
      toRestore = Optional.empty();
    }
    return toRestore.isEmpty();
  }

  private void read(long token, List<LogEntry> entries) {
    if (token != readToken) {
      return; // A snapshot has taken the place of what was to be read.
    }
    readToken = 0;
    if (entries.isEmpty()) {
      throw new InvariantViolation("committed entry " + (handedOver + 1) + " cannot be read");
    }
    fromDisk = entries;
  }

  private long target() {
    return Math.min(state.commitIndex(), state.log().writes().durableIndex());
  }

  private void handOver(List<LogEntry> entries, Effects effects) {
    long bytes = 0;
    for (LogEntry entry : entries) {
      if (entry.index() != handedOver + 1) {
        throw new InvariantViolation("entry " + entry.index() + " to apply after " + handedOver);
      }
      handedOver = entry.index();
      bytes += entry.encodedLength();
      effects.apply(entry, commands.committed(entry, effects));
    }
    underWay.add(new HandedOver(handedOver, bytes));
    bytesUnderWay += bytes;
  }
}
