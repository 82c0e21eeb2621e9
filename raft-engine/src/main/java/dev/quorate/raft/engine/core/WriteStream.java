package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes down to the disk, in one order, and how much of it is durable. An acknowledgement names
 * a batch's sequence and never an index alone: an index can be overwritten and written again while
 * an older acknowledgement is under way (the ABA case of etcd's asynchronous storage writes).
 */
final class WriteStream {

  private final List<WriteRecord> open = new ArrayList<>();
  private final List<LogEntry> openEntries = new ArrayList<>();
  private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
  private long lastSequence;
  private long persistedSequence;
  private long hardStateSequence;
  private long durableIndex;
  private long openCommandBytes;
  private long unforcedCommandBytes;

  private static final class Outstanding {
    private final long sequence;
    private final long sinceNanos;
    private final long commandBytes;
    private long lastIndex;

    private Outstanding(long sequence, long sinceNanos, long commandBytes, long lastIndex) {
      this.sequence = sequence;
      this.sinceNanos = sinceNanos;
      this.commandBytes = commandBytes;
      this.lastIndex = lastIndex;
    }
  }

  /** A stream that goes on after a sequence, over a log that is durable up to an index. */
  WriteStream(long lastSequence, long durableIndex) {
    this.lastSequence = lastSequence;
    this.persistedSequence = lastSequence;
    this.hardStateSequence = lastSequence;
    this.durableIndex = durableIndex;
  }

  void hardState(HardState state) {
    closeEntries();
    open.add(new WriteRecord.SetHardState(state));
    hardStateSequence = lastSequence + 1;
  }

  void append(LogEntry entry) {
    openEntries.add(entry);
    if (entry.type().isCommand()) {
      openCommandBytes += commandBytes(entry.encodedLength());
      unforcedCommandBytes += commandBytes(entry.encodedLength());
    }
  }

  void truncate(long fromIndex) {
    closeEntries();
    open.add(new WriteRecord.Truncate(fromIndex));
    limit(fromIndex - 1);
  }

  void compact(long throughIndex, long throughTerm) {
    closeEntries();
    open.add(new WriteRecord.Compact(throughIndex, throughTerm));
  }

  /**
   * The log is dropped and goes on behind a snapshot, which counts as durable only with this write.
   * Until then no more is vouched for than what is committed of the old log, which the snapshot
   * contains too; what else is in it may differ from what the snapshot stands for.
   */
  void install(SnapshotId snapshot, long committedIndex) {
    closeEntries();
    open.add(new WriteRecord.InstallSnapshot(snapshot));
    limit(committedIndex);
  }

  private void limit(long index) {
    durableIndex = Math.min(durableIndex, index);
    for (Outstanding batch : outstanding) {
      batch.lastIndex = Math.min(batch.lastIndex, index);
    }
  }

  /**
   * Hands over what the turn wrote, if it wrote anything; the log now ends at {@code lastIndex}.
   */
  void endTurn(long lastIndex, Time now, Effects effects) {
    closeEntries();
    if (!open.isEmpty()) {
      lastSequence++;
      effects.write(new WriteBatch(lastSequence, open));
      open.clear();
      outstanding.add(new Outstanding(lastSequence, now.nanos(), openCommandBytes, lastIndex));
      openCommandBytes = 0;
    }
  }

  void persisted(long sequence) {
    if (sequence > lastSequence) {
      throw new InvariantViolation("write " + sequence + " of " + lastSequence + " is durable");
    }
    persistedSequence = Math.max(persistedSequence, sequence);
    while (!outstanding.isEmpty() && outstanding.peek().sequence <= sequence) {
      Outstanding done = outstanding.poll();
      durableIndex = Math.max(durableIndex, done.lastIndex);
      unforcedCommandBytes -= done.commandBytes;
    }
  }

  /** What a command of that encoded length counts for in a storage's reserve. */
  static long commandBytes(int encodedLength) {
    return (long) encodedLength + Storage.ENTRY_OVERHEAD_BYTES;
  }

  /** How many bytes of commands are on their way to the disk, those truncated since included. */
  long unforcedCommandBytes() {
    return unforcedCommandBytes;
  }

  /** The highest index that is durable and was not truncated since. */
  long durableIndex() {
    return durableIndex;
  }

  /** The write after which all that was said until now is durable. */
  long gate() {
    return gateOf(open.isEmpty() && openEntries.isEmpty() ? lastSequence : lastSequence + 1);
  }

  /** The write after which the present term and vote are durable. */
  long hardStateGate() {
    return gateOf(hardStateSequence);
  }

  /** Whether that gate's write is durable. */
  boolean passed(long gate) {
    return gate <= persistedSequence;
  }

  /** How long the oldest write has been waiting for its force. */
  long oldestWaitNanos(Time now) {
    return outstanding.isEmpty() ? 0 : now.nanos() - outstanding.peek().sinceNanos;
  }

  private long gateOf(long sequence) {
    return sequence <= persistedSequence ? Effects.AT_ONCE : sequence;
  }

  private void closeEntries() {
    if (!openEntries.isEmpty()) {
      open.add(new WriteRecord.Append(openEntries));
      openEntries.clear();
    }
  }
}
