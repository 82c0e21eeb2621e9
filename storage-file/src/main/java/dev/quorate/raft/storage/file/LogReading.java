package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads a group's segments and changes nothing: {@link Recovery} goes on from here, and an {@link
 * Inspection} ends here, so that both mean the same by a sound log. The numbered steps:
 *
 * <ol>
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
 *       behind it is a torn write.
 * </ol>
 */
final class LogReading {

  private final GroupFiles files;
  private final long incarnation;
  private LogState state = new LogState();
  private int oldest = 1;
  private int first = 1;

  LogReading(GroupFiles files, long incarnation) {
    this.files = files;
    this.incarnation = incarnation;
  }

  /** What was read; that of the last segment only after {@link #replay}. */
  LogState state() {
    return state;
  }

  /** The lowest number of a segment that is there, needed or not. */
  int oldest() {
    return oldest;
  }

  /** Reads all segments; empty if no log was begun. */
  Optional<LastSegment> read() throws IOException {
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
      return Optional.empty();
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
    return Optional.of(LastSegment.read(SegmentScan.of(files.segment(last)), mark));
  }

  /** Deletions are not forced one by one, so a loss of power may bring single segments back. */
  static int behindLastGap(List<Integer> segments) {
    int at = segments.size() - 1;
    while (at > 0 && segments.get(at - 1) == segments.get(at) - 1) {
      at--;
    }
    return segments.get(at);
  }

  private SegmentHeader header(int sequence) throws IOException {
    return SegmentHeader.read(files, sequence, incarnation);
  }

  private void replaySealed(SegmentScan scan, SegmentHeader next) throws IOException {
    state.enter(scan.header().sequence());
    while (scan.end() < next.previousEnd()) {
      scan.replay(scan.nextSealed(), state);
    }
    scan.checkContinuedBy(next);
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

  /**
   * Replays the batches of the last segment that begin before an offset.
   *
   * @throws NoBeginningException if the log cannot be read from where it begins
   */
  void replay(LastSegment last, int end) throws IOException {
    state.enter(last.scan().header().sequence());
    for (SegmentScan.Batch batch : last.batches()) {
      if (batch.offset() < end) {
        last.scan().replay(batch, state);
      }
    }
  }

  /** Checks that the log, with what is to follow, says why it does not begin earlier. */
  void checkGrounded(List<List<WriteRecord>> following) throws IOException {
    if (!state.grounded(following)) {
      throw missing();
    }
  }

  /** What is said where the log does not say why it begins no earlier. */
  IOException missing() {
    return Damage.at(
        files.segment(first - 1),
        0,
        "the segment is missing although there are later ones, and nothing in them says that it is"
            + " not needed");
  }
}
