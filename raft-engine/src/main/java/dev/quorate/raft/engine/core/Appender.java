package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Appends a leader's own entries: stamps them, and counts the bytes that are not applied yet.
 *
 * <p>Cluster time (rule P11) begins with the newest stamp of the leader's log and passes with its
 * monotonic clock from then on, so that a leader whose wall clock is a year ahead expires nothing.
 */
final class Appender {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final NodeState state;
  private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
  private final long beginMillis;
  private final long beginNanos;
  private long bytesUnderWay;

  private record UnderWay(long index, long bytes) {}

  /** Appends for one term that begins now. */
  Appender(NodeState state, Time now) {
    this.state = state;
    this.beginMillis = state.log().newestClusterTime();
    this.beginNanos = now.nanos();
  }

  LogEntry append(LogEntry.Type type, ByteBuffer payload, Time now) {
    RaftLog log = state.log();
    long elapsedMillis = (now.nanos() - beginNanos) / NANOS_PER_MILLI;
    LogEntry entry =
        LogEntry.of(
            type,
            log.lastIndex() + 1,
            state.term(),
            Math.max(log.newestClusterTime(), beginMillis + elapsedMillis),
            now.wallMillis(),
            payload);
    log.append(entry);
    underWay.add(new UnderWay(entry.index(), entry.encodedLength()));
    bytesUnderWay += entry.encodedLength();
    return entry;
  }

  /**
   * The bytes of this leader's entries that are not committed, or not applied, yet. Counting until
   * they are applied keeps a state machine that is slower than the log from falling behind without
   * bound.
   */
  long bytesUnderWay() {
    while (!underWay.isEmpty() && underWay.peek().index <= state.appliedIndex()) {
      bytesUnderWay -= underWay.poll().bytes;
    }
    return bytesUnderWay;
  }
}
