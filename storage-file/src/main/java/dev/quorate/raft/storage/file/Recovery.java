package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves a log in which all that was read is durable. The numbered steps:
 *
 * <ol>
 *   <li>Names are made durable, and what was only being filled is removed.
 *   <li>The segments are read, see {@link LogReading}. What is torn behind the last valid batch is
 *       cut, valid or not.
 *   <li>If everything valid is proven forced and behind it all is zero, the segment goes on.
 *       Otherwise a new segment begins: it ends its predecessor at the proven offset, so that the
 *       cut region is never read again, and carries the valid batches behind that, rewritten and
 *       forced (P3).
 * </ol>
 */
final class Recovery {

  private static final System.Logger LOG = System.getLogger(Recovery.class.getPackageName());

  private final GroupFiles files;
  private final long incarnation;
  private final SegmentAllocator allocator;
  private final WriteBuffer buffer;
  private final StorageHealth health;
  private final LogReading reading;

  Recovery(
      GroupFiles files,
      long incarnation,
      SegmentAllocator allocator,
      WriteBuffer buffer,
      StorageHealth health) {
    this.files = files;
    this.incarnation = incarnation;
    this.allocator = allocator;
    this.buffer = buffer;
    this.health = health;
    this.reading = new LogReading(files, incarnation);
  }

  LogState state() {
    return reading.state();
  }

  /** The lowest number of a segment that is there, needed or not. */
  int oldest() {
    return reading.oldest();
  }

  /** Recovers the log and returns the writer at its end. */
  SegmentWriter run() throws IOException {
    health.mustWhenOpening(
        () -> {
          files.prepare();
          allocator.adoptSpare();
        });
    Optional<LastSegment> last = reading.read();
    if (last.isEmpty()) {
      return begin(nextHeader(1, 0, 0, 0), List.of());
    }
    warnOfTorn(last.get());
    try {
      return last.get().isWhole() ? resume(last.get()) : carry(last.get());
    } catch (NoBeginningException e) {
      throw reading.missing();
    }
  }

  private static void warnOfTorn(LastSegment last) {
    if (last.torn() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: cut a torn write of {1} bytes behind offset {2}; nothing readable says that it was forced",
          last.scan().file(),
          Integer.toString(last.torn()),
          Integer.toString(last.scan().end()));
    }
  }

  private SegmentWriter resume(LastSegment last) throws IOException {
    reading.replay(last, last.scan().end());
    reading.checkGrounded(List.of());
    return SegmentWriter.resume(last.scan(), buffer);
  }

  private SegmentWriter carry(LastSegment last) throws IOException {
    SegmentScan scan = last.scan();
    int sequence = scan.header().sequence();
    int chain = scan.chain();
    List<List<WriteRecord>> carried = new ArrayList<>();
    reading.replay(last, last.proven());
    for (SegmentScan.Batch batch : last.batches()) {
      if (batch.offset() >= last.proven()) {
        chain = carried.isEmpty() ? batch.chainBefore() : chain;
        RecordCollector collector = new RecordCollector();
        scan.replay(batch, collector);
        carried.add(collector.records());
      }
    }
    reading.checkGrounded(carried);
    long bytes = 0;
    for (List<WriteRecord> records : carried) {
      bytes += SegmentWriter.batchLength(Records.length(records));
    }
    return begin(nextHeader(sequence + 1, last.proven(), chain, Math.toIntExact(bytes)), carried);
  }

  private SegmentHeader nextHeader(int sequence, int previousEnd, int previousChain, int carried) {
    return state()
        .header(files.group(), incarnation, sequence, previousEnd, previousChain, carried);
  }

  private SegmentWriter begin(SegmentHeader header, List<List<WriteRecord>> carried)
      throws IOException {
    Path zeros = allocator.acquire(header.length() + (long) header.carried(), false);
    state().enter(header.sequence());
    SegmentWriter[] begun = new SegmentWriter[1];
    health.mustWhenOpening(
        () -> begun[0] = SegmentWriter.begin(zeros, files, header, carried, buffer, state()));
    return begun[0];
  }
}
