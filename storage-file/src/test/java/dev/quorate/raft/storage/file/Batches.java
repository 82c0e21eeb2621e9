package dev.quorate.raft.storage.file;

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

/** Makes batches for tests. */
final class Batches {

  private Batches() {}

  static LogEntry entry(Type type, long index, long term, int payload, long seed) {
    byte[] bytes = new byte[payload];
    new Random(seed * 31 + index).nextBytes(bytes);
    return LogEntry.of(type, index, term, index * 10, index * 20, ByteBuffer.wrap(bytes));
  }

  static LogEntry command(long index, long term, int payload) {
    return entry(Type.COMMAND, index, term, payload, term);
  }

  static WriteRecord append(LogEntry... entries) {
    return new WriteRecord.Append(List.of(entries));
  }

  static WriteRecord vote(long term, String node) {
    return new WriteRecord.SetHardState(
        new HardState(term, Optional.of(NodeId.of(node)), term + 7));
  }

  static WriteBatch batch(long sequence, WriteRecord... records) {
    return new WriteBatch(sequence, List.of(records));
  }

  static WriteRecord compact(long throughIndex, long throughTerm) {
    return new WriteRecord.Compact(throughIndex, throughTerm);
  }

  static WriteRecord install(long index, long term) {
    return new WriteRecord.InstallSnapshot(new SnapshotId(11, index, term, 1000, index * 31));
  }

  /** As {@link #random}, or a compaction or an install, alone or with something behind it. */
  static WriteBatch randomWithSnapshots(
      Random random, long sequence, Content content, int maxPayload) {
    long over = content.lastIndex() - content.compacted();
    int dice = random.nextInt(10);
    WriteRecord first;
    if (dice == 0 && over > 0) {
      long through = content.compacted() + 1 + random.nextInt((int) over);
      first = compact(through, content.term(through));
    } else if (dice == 1) {
      long index = content.compacted() + 1 + random.nextInt((int) over + 5);
      boolean same = index <= content.lastIndex() && random.nextBoolean();
      first = install(index, same ? content.term(index) : 1000 + sequence);
    } else {
      return random(random, sequence, content, maxPayload);
    }
    List<WriteRecord> records = new ArrayList<>(List.of(first));
    if (random.nextBoolean()) {
      Content after = content.after(new WriteBatch(sequence, records));
      records.addAll(random(random, sequence, after, maxPayload).records());
    }
    return new WriteBatch(sequence, records);
  }

  /** A legal batch on top of a content, up to {@code maxPayload} bytes an entry. */
  static WriteBatch random(Random random, long sequence, Content content, int maxPayload) {
    List<WriteRecord> records = new ArrayList<>();
    long last = content.lastIndex();
    long term = Math.max(1, content.hardState().term());
    if (random.nextInt(4) == 0) {
      term += random.nextInt(2);
      records.add(
          random.nextBoolean()
              ? vote(term, "n" + random.nextInt(5))
              : new WriteRecord.SetHardState(HardState.withoutVote(term)));
    }
    if (last > content.compacted() && random.nextInt(5) == 0) {
      last -= random.nextInt((int) Math.min(last - content.compacted(), 6));
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
