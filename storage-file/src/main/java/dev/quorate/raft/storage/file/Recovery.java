package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a group's segments and leaves a log in which all that was read is durable. The numbered
 * steps:
 *
 * <ol>
 *   <li>Names are made durable, and what was only being filled is removed.
 *   <li>The log begins with the first segment behind the last gap in the numbers from which it can
 *       be read. What is gone before it must have been compacted, or dropped by an install, and
 *       what is left must say so.
 *   <li>Each segment but the last is <em>sealed</em>: it was forced up to where its successor says
 *       that it ends. It must be whole up to there.
 *   <li>The last segment is read up to the first place that is not a valid, chained batch.
 *   <li>The highest offset that is <em>proven</em> forced is the largest of: what was forced before
 *       the file got its name; what any undamaged batch header says, even one behind the damage;
 *       the watermark.
 *   <li>If the valid part ends below the proven offset, that is corruption. Otherwise what is
 *       behind it is a torn write: it is cut, valid or not.
 *   <li>If everything valid is proven and behind it all is zero, the segment goes on. Otherwise a
 *       new segment begins: it ends its predecessor at the proven offset, so that the cut region is
 *       never read again, and carries the valid batches behind that, rewritten and forced (P3).
 * </ol>
 */
final class Recovery {

  private static final System.Logger LOG = System.getLogger(Recovery.class.getPackageName());

  private final GroupFiles files;
  private final long incarnation;
  private final SegmentAllocator allocator;
  private final WriteBuffer buffer;
  private final StorageHealth health;
  private LogState state = new LogState();
  private int oldest = 1;
  private int first = 1;

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
  }

  LogState state() {
    return state;
  }

  /** The lowest number of a segment that is there, needed or not. */
  int oldest() {
    return oldest;
  }

  /** Recovers the log and returns the writer at its end. */
  SegmentWriter run() throws IOException {
    health.must(
        () -> {
          files.prepare();
          allocator.adoptSpare();
        });
    Optional<Watermark.Mark> mark = Watermark.read(files, incarnation);
    List<Integer> segments = files.segments();
    int last = segments.isEmpty() ? 0 : segments.get(segments.size() - 1);
    if (mark.isPresent() && mark.get().sequence() > last) {
      throw Damage.at(
          files.segment(mark.get().sequence()),
          0,
          "a segment to which entries were forced is missing");
    }
    if (segments.isEmpty() && DurableNames.exists(files.watermark())) {
      // The watermark is made behind the first segment, so whatever it says there was one.
      throw Damage.at(files.segment(1), 0, "all segments are missing");
    }
    if (segments.isEmpty()) {
      return begin(nextHeader(1, 0, 0, 0), List.of());
    }
    oldest = segments.get(0);
    first = behindLastGap(segments);
    SegmentHeader beginning = header(first);
    if (first == 1) {
      checkBeginning(1, beginning);
    } else {
      state.begin(beginning);
    }
    for (int sequence = first + 1; sequence <= last; sequence++) {
      // Only one segment at a time is in memory, and of this one only its header.
      SegmentHeader next = header(sequence);
      try {
        replaySealed(SegmentScan.upTo(files.segment(sequence - 1), next.previousEnd()), next);
        checkBeginning(sequence, next);
      } catch (NoBeginningException e) {
        first = sequence;
        state = new LogState();
        state.begin(next);
      }
    }
    try {
      return recoverLast(SegmentScan.of(files.segment(last)), mark);
    } catch (NoBeginningException e) {
      throw missing();
    }
  }

  /** Deletions are not forced one by one, so a loss of power may bring single segments back. */
  private static int behindLastGap(List<Integer> segments) {
    int at = segments.size() - 1;
    while (at > 0 && segments.get(at - 1) == segments.get(at) - 1) {
      at--;
    }
    return segments.get(at);
  }

  private SegmentHeader header(int sequence) throws IOException {
    Path file = files.segment(sequence);
    SegmentHeader header = SegmentHeader.read(file);
    if (header.sequence() != sequence
        || header.incarnation() != incarnation
        || !header.group().equals(files.group())) {
      throw Damage.at(
          file,
          0,
          "this is segment "
              + header.sequence()
              + " of group '"
              + header.group()
              + "' and incarnation "
              + header.incarnation()
              + ", which does not belong here");
    }
    return header;
  }

  private void checkGrounded(List<List<WriteRecord>> following) throws IOException {
    if (!state.grounded(following)) {
      throw missing();
    }
  }

  private IOException missing() {
    return Damage.at(
        files.segment(first - 1),
        0,
        "the segment is missing although there are later ones, and nothing in them says that it is"
            + " not needed");
  }

  private void replaySealed(SegmentScan scan, SegmentHeader next) throws IOException {
    state.enter(scan.header().sequence());
    while (scan.end() < next.previousEnd()) {
      SegmentScan.Batch batch = scan.next();
      if (batch == null) {
        throw Damage.at(scan.file(), scan.end(), "a batch in a finished segment is damaged");
      }
      replay(scan, batch, state);
    }
    if (scan.end() != next.previousEnd() || scan.chain() != next.previousChain()) {
      throw Damage.at(scan.file(), scan.end(), "the next segment does not continue this one");
    }
  }

  /** A segment repeats what its predecessors amount to; the first one, that there is nothing. */
  private void checkBeginning(int sequence, SegmentHeader header) throws IOException {
    if (header.baseIndex() != state.lastIndex()
        || header.baseTerm() != state.lastTerm()
        || !header.hardState().equals(state.hardState())
        || !header.configuration().equals(state.configuration())) {
      throw Damage.at(files.segment(sequence), 0, "the header contradicts the segments before it");
    }
  }

  private SegmentWriter recoverLast(SegmentScan scan, Optional<Watermark.Mark> mark)
      throws IOException {
    int sequence = scan.header().sequence();
    List<SegmentScan.Batch> batches = new ArrayList<>();
    for (SegmentScan.Batch batch = scan.next(); batch != null; batch = scan.next()) {
      batches.add(batch);
    }
    int proven = Math.max(scan.header().length() + scan.header().carried(), scan.claimBehind());
    if (!batches.isEmpty()) {
      proven = Math.max(proven, batches.get(batches.size() - 1).header().forced());
    }
    if (mark.isPresent() && mark.get().sequence() == sequence) {
      proven = Math.max(proven, mark.get().offset());
    }
    if (scan.end() < proven) {
      throw Damage.at(
          scan.file(), scan.end(), "a batch is damaged that was forced: all is up to " + proven);
    }
    if (proven < scan.end() && !isBoundary(batches, proven)) {
      throw Damage.at(scan.file(), proven, "this is said to be forced, and no batch begins here");
    }
    int torn = scan.writtenEnd() - scan.end();
    if (torn > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: cut a torn write of {1} bytes behind offset {2}; nothing readable says that it was forced",
          scan.file(),
          Integer.toString(torn),
          Integer.toString(scan.end()));
    }
    return proven == scan.end() && torn == 0 ? resume(scan, batches) : carry(scan, batches, proven);
  }

  private static boolean isBoundary(List<SegmentScan.Batch> batches, int offset) {
    for (SegmentScan.Batch batch : batches) {
      if (batch.offset() == offset) {
        return true;
      }
    }
    return false;
  }

  private SegmentWriter resume(SegmentScan scan, List<SegmentScan.Batch> batches)
      throws IOException {
    state.enter(scan.header().sequence());
    for (SegmentScan.Batch batch : batches) {
      replay(scan, batch, state);
    }
    checkGrounded(List.of());
    return SegmentWriter.resume(scan, buffer);
  }

  private SegmentWriter carry(SegmentScan scan, List<SegmentScan.Batch> batches, int proven)
      throws IOException {
    int sequence = scan.header().sequence();
    int chain = scan.chain();
    List<List<WriteRecord>> carried = new ArrayList<>();
    state.enter(sequence);
    for (SegmentScan.Batch batch : batches) {
      if (batch.offset() < proven) {
        replay(scan, batch, state);
      } else {
        chain = carried.isEmpty() ? batch.chainBefore() : chain;
        Collector collector = new Collector();
        replay(scan, batch, collector);
        carried.add(collector.records);
      }
    }
    checkGrounded(carried);
    long bytes = 0;
    for (List<WriteRecord> records : carried) {
      bytes += SegmentWriter.batchLength(Records.length(records));
    }
    return begin(nextHeader(sequence + 1, proven, chain, Math.toIntExact(bytes)), carried);
  }

  private SegmentHeader nextHeader(int sequence, int previousEnd, int previousChain, int carried) {
    return state.header(files.group(), incarnation, sequence, previousEnd, previousChain, carried);
  }

  private SegmentWriter begin(SegmentHeader header, List<List<WriteRecord>> carried)
      throws IOException {
    Path zeros = allocator.acquire(header.length() + (long) header.carried(), false);
    state.enter(header.sequence());
    try {
      return SegmentWriter.begin(zeros, files, header, carried, buffer, state);
    } catch (IOException | RuntimeException | Error e) {
      health.failed(e);
      throw e;
    }
  }

  private static void replay(SegmentScan scan, SegmentScan.Batch batch, RecordSink sink)
      throws IOException {
    try {
      Records.decode(batch.body(), batch.bodyOffset(), sink);
    } catch (UnknownFormatException e) {
      throw Damage.newer(scan.file(), batch.offset(), e);
    } catch (IllegalArgumentException e) {
      throw Damage.at(scan.file(), batch.offset(), "a batch makes no sense: " + e.getMessage(), e);
    }
  }

  /** Keeps the records of a batch, to be written again. */
  private static final class Collector implements RecordSink {

    private final List<WriteRecord> records = new ArrayList<>();

    @Override
    public void hardState(HardState state) {
      records.add(new WriteRecord.SetHardState(state));
    }

    @Override
    public void truncate(long fromIndex) {
      records.add(new WriteRecord.Truncate(fromIndex));
    }

    @Override
    public void entry(LogEntry entry, int offset) {
      records.add(new WriteRecord.Append(List.of(entry)));
    }

    @Override
    public void compact(long throughIndex, long throughTerm) {
      records.add(new WriteRecord.Compact(throughIndex, throughTerm));
    }

    @Override
    public void install(SnapshotId snapshot) {
      records.add(new WriteRecord.InstallSnapshot(snapshot));
    }
  }
}
