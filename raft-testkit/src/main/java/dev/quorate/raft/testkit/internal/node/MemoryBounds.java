package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.core.CoreSettings;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayDeque;

/**
 * What one node may hold in memory of what callers and peers have to do with (I17): calls, entries
 * on their way to peers, and commands of its own that nobody has applied yet. By what it measures
 * of itself, and by what it writes.
 */
final class MemoryBounds implements RaftMetrics {

  private final NodeId node;
  private final int maxPendingCalls;
  private final int maxWaitingCommands;
  private final long maxInFlightBytesOfPeer;
  private final long maxUncommittedBytes;
  private final ArrayDeque<LogEntry> commands = new ArrayDeque<>();
  private long commandBytes;
  private long pendingCalls;
  private long waitingCommands;
  private long inFlightBytes;

  /** Of a node that has just been started with these settings. */
  MemoryBounds(NodeId node, EngineSettings settings) {
    this.node = node;
    CoreSettings core = settings.core();
    this.maxPendingCalls = settings.maxPendingCalls();
    // A window may be a byte short of full before the message that makes it so.
    this.maxInFlightBytesOfPeer = core.maxInFlightBytes() + settings.maxFrameBytes();
    this.maxWaitingCommands = core.maxWaitingCalls();
    this.maxUncommittedBytes = core.maxUncommittedBytes();
  }

  @Override
  public void record(Metric metric, long value) {
    if (metric == Metric.PENDING_CALLS) {
      pendingCalls = value;
    } else if (metric == Metric.WAITING_COMMANDS) {
      waitingCommands = value;
    } else if (metric == Metric.IN_FLIGHT_BYTES) {
      inFlightBytes = value;
    }
  }

  /** A turn is over, after which the node, if it leads, has so many peers. */
  void turned(int peers) {
    Violation.unless(
        pendingCalls <= maxPendingCalls,
        "I17",
        () -> node + " holds " + pendingCalls + " calls, may hold " + maxPendingCalls);
    Violation.unless(
        waitingCommands <= maxWaitingCommands,
        "I17",
        () -> waitingCommands + " commands wait at " + node + ", " + maxWaitingCommands + " may");
    long mayBe = peers * maxInFlightBytesOfPeer;
    Violation.unless(
        inFlightBytes <= mayBe,
        "I17",
        () ->
            inFlightBytes
                + " bytes are on their way from "
                + node
                + " to its peers, "
                + mayBe
                + " may be");
  }

  /**
   * A batch is about to be written.
   *
   * @param term the term that the node leads, 0 if none
   * @param applied the last command that its state machine was given
   */
  void writing(WriteBatch batch, long term, long applied) {
    while (!commands.isEmpty() && commands.peek().index() <= applied) {
      commandBytes -= commands.poll().encodedLength();
    }
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.Append append) {
        append.entries().forEach(entry -> appended(entry, term));
      }
    }
  }

  /** What a follower appends another node has admitted, whose state machine may be far ahead. */
  private void appended(LogEntry entry, long term) {
    boolean own = term == entry.term();
    if (!own || !commands.isEmpty() && commands.peekLast().term() != entry.term()) {
      commands.clear();
      commandBytes = 0;
    }
    if (own && entry.type() == LogEntry.Type.COMMAND) {
      Violation.unless(
          commandBytes + entry.payload().remaining() <= maxUncommittedBytes,
          "I17",
          () ->
              node
                  + " takes a command though "
                  + commandBytes
                  + " bytes of commands wait for being applied, "
                  + maxUncommittedBytes
                  + " may");
      commands.add(entry);
      commandBytes += entry.encodedLength();
    }
  }
}
