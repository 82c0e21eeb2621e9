package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One segment, looked at by itself: its batches up to the first that is damaged or torn. */
public final class SegmentInspection {

  private final SegmentScan scan;
  private final SegmentHeader header;
  private final List<SegmentScan.Batch> batches = new ArrayList<>();
  private Optional<IOException> damage = Optional.empty();
  private boolean sealed;

  private SegmentInspection(SegmentScan scan, SegmentHeader header) {
    this.scan = scan;
    this.header = header;
  }

  /** One that its successor ends. */
  static SegmentInspection sealed(Path file, SegmentHeader header, SegmentHeader next)
      throws IOException {
    SegmentInspection segment =
        new SegmentInspection(SegmentScan.upTo(file, next.previousEnd()), header);
    segment.sealed = true;
    try {
      while (segment.scan.end() < next.previousEnd()) {
        segment.batches.add(segment.scan.nextSealed());
      }
      segment.scan.checkContinuedBy(next);
    } catch (IOException e) {
      segment.damage = Optional.of(e);
    }
    return segment;
  }

  /** One that may end in a torn write. */
  static SegmentInspection last(Path file, SegmentHeader header, Optional<Watermark.Mark> mark)
      throws IOException {
    SegmentInspection segment = unbounded(file, header);
    try {
      LastSegment.of(segment.scan, segment.batches, mark);
    } catch (IOException e) {
      segment.damage = Optional.of(e);
    }
    return segment;
  }

  /** One of which nobody knows where it should end: the header that says so is damaged. */
  static SegmentInspection unbounded(Path file, SegmentHeader header) throws IOException {
    SegmentInspection segment = new SegmentInspection(SegmentScan.of(file), header);
    SegmentScan scan = segment.scan;
    for (SegmentScan.Batch batch = scan.next(); batch != null; batch = scan.next()) {
      segment.batches.add(batch);
    }
    return segment;
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path file() {
    return scan.file();
  }

  /**
   * The length of the file, which is written as zeros before anything else.
   *
   * @return bytes
   */
  public int capacity() {
    return scan.capacity();
  }

  /**
   * How many batches are whole and chained.
   *
   * @return at least 0
   */
  public int batches() {
    return batches.size();
  }

  /**
   * Where those batches end.
   *
   * @return an offset
   */
  public int end() {
    return scan.end();
  }

  /**
   * Whether another segment goes on behind this one.
   *
   * @return false for the last one
   */
  public boolean sealed() {
    return sealed;
  }

  /**
   * The index of the last entry before this segment.
   *
   * @return 0 if there is none
   */
  public long baseIndex() {
    return header.baseIndex();
  }

  /**
   * The term of the last entry before this segment.
   *
   * @return 0 if there is none
   */
  public long baseTerm() {
    return header.baseTerm();
  }

  /**
   * The hard state at the segment's beginning.
   *
   * @return what its header repeats
   */
  public HardState hardState() {
    return header.hardState();
  }

  /**
   * What is damaged behind the whole batches. A torn last write is no damage.
   *
   * @return what a start would say of it
   */
  public Optional<IOException> damage() {
    return damage;
  }

  /**
   * Shows the records of the whole batches.
   *
   * @param visitor sees them
   * @throws dev.quorate.raft.api.storage.CorruptionException if a batch holds something else
   * @throws IOException if a newer version wrote a record
   */
  public void records(RecordVisitor visitor) throws IOException {
    for (SegmentScan.Batch batch : batches) {
      RecordCollector collector = new RecordCollector();
      scan.replay(batch, collector);
      ByteBuffer body = batch.body().slice();
      for (WriteRecord record : collector.records()) {
        int offset = batch.bodyOffset() + body.position();
        visitor.record(offset, Records.isIntact(Records.next(body), header.salt()), record);
      }
    }
  }
}
