package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** One group's log. Everything but reading is under the storage's lock. */
final class FileGroupLog implements GroupLog {

  private static final System.Logger LOG = System.getLogger(FileGroupLog.class.getPackageName());

  /**
   * How many segments are deleted at a time, which is at each force and before each write: faster
   * than they can be filled, and so few that no batch waits for the thousand that an install may
   * drop.
   */
  private static final int DELETED_AT_A_TIME = 2;

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
  private int oldestSegment;
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
      Recovery recovery,
      Watermark watermark,
      SegmentWriter active) {
    this.lock = lock;
    this.health = health;
    this.files = files;
    this.incarnation = incarnation;
    this.allocator = allocator;
    this.buffer = buffer;
    this.state = recovery.state();
    this.reader = new EntryReader(files, incarnation);
    this.recovered = state.recovered();
    this.watermark = watermark;
    this.active = active;
    this.oldestSegment = recovery.oldest();
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
                lock, health, files, incarnation, allocator, buffer, recovery, watermark, active);
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
      List<WriteRecord> records = state.resolve(batch.records());
      refill();
      long length = Records.length(records);
      if (active.fits(length) && !worthANewSegment(records, length)) {
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

  /**
   * Whether to begin a new segment although there is room: if a compaction leaves only the active
   * one, and that is more than half full, then what is in it could not be deleted before it is
   * full, which for a quiet group may be never. The next compaction, or this one, deletes it.
   */
  private boolean worthANewSegment(List<WriteRecord> records, long length) {
    return active.position() > active.capacity() / 2
        && state.leaveOnlyOne(records)
        && allocator.hasSpareFor(nextHeader(), length, hasCommand(records));
  }

  private static boolean hasCommand(List<WriteRecord> records) {
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          if (entry.type().isCommand()) {
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
    SegmentHeader header = nextHeader();
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

  private SegmentHeader nextHeader() {
    return state.header(
        files.group(),
        incarnation,
        Math.addExact(active.sequence(), 1),
        active.position(),
        active.chain(),
        0);
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
    EntryIndex.Places places = state.index().locate(from, to, maxBytes);
    while (true) {
      try {
        return reader.read(places, from);
      } catch (NoSuchFileException e) {
        // Deleted since it was located? Then the entry is gone, or has come anew to another place.
        EntryIndex.Places now = state.index().locate(from, to, maxBytes);
        if (now.size() > 0 && now.segments()[0] == places.segments()[0]) {
          throw e;
        }
        places = now;
      }
    }
  }

  /** Whether there was a segment in reserve when one was last sought. Any thread may ask. */
  boolean hasSpare() {
    return spare;
  }

  /**
   * Deletes what is not needed and tries to have a segment in reserve again: after a force and
   * before a write, so that no failure of it comes between a batch and its number. The caller holds
   * the lock.
   */
  void refill() {
    if (closed) {
      return;
    }
    deleteSome();
    allocator.refill();
    spare = allocator.hasSpare();
  }

  /**
   * Deletes segments that are not needed, oldest first, if all is forced: the record that says so
   * must be durable before. That is no write at stake: one that cannot be deleted is left to the
   * next opening, and one that a loss of power brings back too.
   */
  private void deleteSome() {
    if (active.dirty()) {
      return;
    }
    for (int i = 0; i < DELETED_AT_A_TIME && oldestSegment < state.firstSegment(); i++) {
      Path file = files.segment(oldestSegment);
      oldestSegment++;
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a segment that is not needed cannot be deleted", e);
      }
    }
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
