package dev.quorate.raft.testkit.internal.tests;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.LogEntry.Type;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes entries, records and batches for tests of storages. */
public final class LogBatches {

  /** Of a linear congruential generator (Knuth's MMIX). */
  private static final long MULTIPLIER = 6_364_136_223_846_793_005L;

  private LogBatches() {}

  /** An entry whose payload follows from the seed and the index. */
  public static LogEntry entry(Type type, long index, long term, int payload, long seed) {
    byte[] bytes = new byte[payload];
    long state = seed * 31 + index;
    for (int i = 0; i < payload; i++) {
      state = state * MULTIPLIER + 1;
      bytes[i] = (byte) (state >>> (Long.SIZE - Byte.SIZE));
    }
    return LogEntry.of(type, index, term, index * 10, index * 20, ByteBuffer.wrap(bytes));
  }

  /** A command whose payload follows from its index and term. */
  public static LogEntry command(long index, long term, int payload) {
    return entry(Type.COMMAND, index, term, payload, term);
  }

  /** So many commands, beginning at an index. */
  public static WriteRecord commands(long from, int count, long term, int payload) {
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index < from + count; index++) {
      entries.add(command(index, term, payload));
    }
    return new WriteRecord.Append(entries);
  }

  /** A record that appends. */
  public static WriteRecord append(LogEntry... entries) {
    return new WriteRecord.Append(List.of(entries));
  }

  /** A record of a vote. */
  public static WriteRecord vote(long term, String node) {
    return new WriteRecord.SetHardState(
        new HardState(term, Optional.of(NodeId.of(node)), term + 7));
  }

  /** A record of a compaction. */
  public static WriteRecord compact(long throughIndex, long throughTerm) {
    return new WriteRecord.Compact(throughIndex, throughTerm);
  }

  /** A record of an install, of a snapshot that need not be there. */
  public static WriteRecord install(long index, long term) {
    return new WriteRecord.InstallSnapshot(new SnapshotId(11, index, term, 1000, index * 31));
  }

  /** A batch of some records. */
  public static WriteBatch batch(long sequence, WriteRecord... records) {
    return new WriteBatch(sequence, List.of(records));
  }

  /** As {@link #random}, or a compaction or an install. */
  public static WriteBatch randomWithSnapshots(
      Random random, long sequence, LogModel log, int maxPayload) {
    long over = log.lastIndex() - log.baseIndex();
    int dice = random.nextInt(10);
    if (dice == 0 && over > 0) {
      long through = log.baseIndex() + 1 + random.nextInt((int) over);
      return batch(sequence, compact(through, log.term(through)));
    }
    if (dice == 1) {
      long index = log.baseIndex() + 1 + random.nextInt((int) over + 5);
      boolean same = index <= log.lastIndex() && random.nextBoolean();
      return batch(sequence, install(index, same ? log.term(index) : 1000 + sequence));
    }
    return random(random, sequence, log, maxPayload);
  }

  /** A legal batch on top of a log, with mostly up to {@code maxPayload} bytes an entry. */
  public static WriteBatch random(Random random, long sequence, LogModel log, int maxPayload) {
    List<WriteRecord> records = new ArrayList<>();
    long last = log.lastIndex();
    long term = Math.max(1, log.hardState().term());
    if (random.nextInt(4) == 0) {
      term += random.nextInt(2);
      records.add(
          random.nextBoolean()
              ? vote(term, "n" + random.nextInt(5))
              : new WriteRecord.SetHardState(HardState.withoutVote(term)));
    }
    if (last > log.baseIndex() && random.nextInt(5) == 0) {
      last -= random.nextInt((int) Math.min(last - log.baseIndex(), 6));
      records.add(new WriteRecord.Truncate(last + 1));
    }
    List<LogEntry> entries = new ArrayList<>();
    int count = records.isEmpty() ? 1 + random.nextInt(4) : random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Type type = Type.values()[Math.max(0, random.nextInt(12) - 9)];
      int payload = random.nextInt(random.nextInt(20) == 0 ? 20 * maxPayload : maxPayload);
      entries.add(entry(type, ++last, term, payload, random.nextLong()));
    }
    if (!entries.isEmpty()) {
      records.add(new WriteRecord.Append(entries));
    }
    return new WriteBatch(sequence, records);
  }
}
