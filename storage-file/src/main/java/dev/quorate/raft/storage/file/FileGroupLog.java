package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** One group's log. Everything but reading is under the storage's lock. */
final class FileGroupLog implements GroupLog {

  private final Lock lock;
  private final StorageHealth health;
  private final GroupFiles files;
  private final long incarnation;
  private final SegmentAllocator allocator;
  private final WriteBuffer buffer;
  private final LogState state;
  private final EntryReader reader;
  private final RecoveredLog recovered;
  private final Watermark watermark;
  private SegmentWriter active;
  private long sequence;
  private volatile boolean spare;
  private volatile boolean closed;

  private FileGroupLog(
      Lock lock,
      StorageHealth health,
      GroupFiles files,
      long incarnation,
      SegmentAllocator allocator,
      WriteBuffer buffer,
      LogState state,
      Watermark watermark,
      SegmentWriter active) {
    this.lock = lock;
    this.health = health;
    this.files = files;
    this.incarnation = incarnation;
    this.allocator = allocator;
    this.buffer = buffer;
    this.state = state;
    this.reader = new EntryReader(files, incarnation);
    this.recovered = state.recovered();
    this.watermark = watermark;
    this.active = active;
  }

  /** Recovers a group's log; the caller holds the lock. */
  static FileGroupLog open(
      Lock lock,
      StorageHealth health,
      GroupFiles files,
      long incarnation,
      int segmentBytes,
      WriteBuffer buffer)
      throws IOException {
    SegmentAllocator allocator = new SegmentAllocator(files, segmentBytes);
    Recovery recovery = new Recovery(files, incarnation, allocator, buffer, health);
    SegmentWriter active = recovery.run();
    try {
      Watermark watermark = Watermark.open(files, incarnation);
      try {
        FileGroupLog log =
            new FileGroupLog(
                lock,
                health,
                files,
                incarnation,
                allocator,
                buffer,
                recovery.state(),
                watermark,
                active);
        health.must(log::markForced);
        log.refill();
        return log;
      } catch (IOException | RuntimeException | Error e) {
        watermark.close();
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      active.close();
      throw e;
    }
  }

  @Override
  public RecoveredLog recovered() {
    return recovered;
  }

  @Override
  public void write(WriteBatch batch) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the log in " + files.directory() + " is closed");
      }
      health.check();
      if (batch.sequence() != sequence + 1) {
        throw new IllegalArgumentException(
            "batch " + batch.sequence() + " behind batch " + sequence);
      }
      List<WriteRecord> records = batch.records();
      state.check(records);
      refill();
      long length = Records.length(records);
      if (active.fits(length)) {
        keepReserve(records, length);
        write(records);
      } else {
        rollAndWrite(records, length);
      }
      sequence++;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<WriteRecord> records) throws IOException {
    health.must(() -> active.append(records, state));
  }

  /** Without a spare, the end of the last segment is for what a node must go on writing (P5). */
  private void keepReserve(List<WriteRecord> records, long length) throws NoSpaceException {
    if (!allocator.hasSpare()
        && active.remaining() - SegmentWriter.batchLength(length)
            < active.capacity() / SegmentAllocator.RESERVED_SHARE
        && hasCommand(records)) {
      throw new NoSpaceException(
          "only the reserve is left in " + files.directory() + ", and that is not for commands",
          null);
    }
  }

  private static boolean hasCommand(List<WriteRecord> records) {
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          if (entry.type() == LogEntry.Type.COMMAND) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Goes on in a new segment. The old one is forced first: the new one's header says where it ends,
   * and what a sealed segment holds must be whole.
   */
  private void rollAndWrite(List<WriteRecord> records, long length) throws IOException {
    SegmentHeader header =
        state.header(
            files.group(),
            incarnation,
            Math.addExact(active.sequence(), 1),
            active.position(),
            active.chain(),
            0);
    Path zeros =
        allocator.acquire(header.length() + SegmentWriter.batchLength(length), hasCommand(records));
    health.must(
        () -> {
          active.force();
          SegmentWriter next = SegmentWriter.begin(zeros, files, header, List.of(), buffer, state);
          active.close();
          active = next;
          markForced();
          state.enter(next.sequence());
          next.append(records, state);
        });
  }

  /** Names the segment that began, durably and before anything in it is acknowledged. */
  private void markForced() throws IOException {
    mark();
    watermark.force();
  }

  private void mark() throws IOException {
    watermark.write(active.sequence(), active.position());
  }

  /** Makes durable what was written; the caller holds the lock and has asked for health. */
  void force() throws IOException {
    if (!closed && active.dirty()) {
      active.force();
      mark();
    }
  }

  @Override
  public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
    if (to <= from) {
      throw new IllegalArgumentException("entries from " + from + " to before " + to);
    }
    if (closed) {
      throw new IOException("the log in " + files.directory() + " is closed");
    }
    return reader.read(state.index().locate(from, to, maxBytes), from);
  }

  /** Whether there was a segment in reserve when one was last sought. Any thread may ask. */
  boolean hasSpare() {
    return spare;
  }

  /**
   * Tries to have a segment in reserve again: after a force and before a write, so that no failure
   * of it comes between a batch and its number. The caller holds the lock.
   */
  void refill() {
    if (closed) {
      return;
    }
    allocator.refill();
    spare = allocator.hasSpare();
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        forceAndClose();
      }
    } finally {
      closed = true;
      lock.unlock();
    }
  }

  private void forceAndClose() throws IOException {
    try {
      if (health.sound()) {
        health.must(
            () -> {
              force();
              watermark.force();
            });
      }
    } finally {
      try {
        active.close();
      } finally {
        watermark.close();
      }
    }
  }
}
