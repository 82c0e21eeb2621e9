package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Appends a leader's own entries: stamps them, and counts the bytes that are not committed yet.
 *
 * <p>Cluster time (rule P11) begins with the newest stamp of the leader's log and passes with its
 * monotonic clock from then on, so that a leader whose wall clock is a year ahead expires nothing.
 */
final class Appender {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final NodeState state;
  private final ArrayDeque<Uncommitted> uncommitted = new ArrayDeque<>();
  private final long beginMillis;
  private final long beginNanos;
  private long uncommittedBytes;

  private record Uncommitted(long index, long bytes) {}

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
    uncommitted.add(new Uncommitted(entry.index(), entry.encodedLength()));
    uncommittedBytes += entry.encodedLength();
    return entry;
  }

  /** The bytes of this leader's entries that are not committed yet. */
  long uncommittedBytes() {
    while (!uncommitted.isEmpty() && uncommitted.peek().index <= state.commitIndex()) {
      uncommittedBytes -= uncommitted.poll().bytes;
    }
    return uncommittedBytes;
  }
}
