package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import java.util.ArrayDeque;
import java.util.List;

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
  private List<LogEntry> fromDisk = List.of();
  private boolean reading;
  private long bytesUnderWay;
  private long handedOver;

  private record HandedOver(long lastIndex, long bytes) {}

  Applying(NodeState state, LogReads reads, Commands commands) {
    this.state = state;
    this.reads = reads;
    this.commands = commands;
    this.handedOver = state.appliedIndex();
  }

  void onApplied(long index) {
    if (index < state.appliedIndex() || index > handedOver) {
      throw new InvariantViolation(
          "applied " + index + " after " + state.appliedIndex() + ", handed over to " + handedOver);
    }
    state.applied(index);
    while (!underWay.isEmpty() && underWay.peek().lastIndex <= index) {
      bytesUnderWay -= underWay.poll().bytes;
    }
  }

  void endTurn(Effects effects) {
    long limit = state.settings().maxBatchBytes();
    while (state.applyFault().isEmpty()
        && handedOver < target()
        && bytesUnderWay < BATCHES_AHEAD * limit
        && !reading) {
      long next = handedOver + 1;
      if (state.log().cache().holds(next)) {
        handOver(state.log().cache().slice(next, target(), limit), effects);
      } else if (!fromDisk.isEmpty()) {
        handOver(fromDisk, effects);
        fromDisk = List.of();
      } else {
        reading = true;
        reads.ask(next, target() + 1, limit, (token, entries) -> read(entries), effects);
      }
    }
  }

  private void read(List<LogEntry> entries) {
    reading = false;
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
