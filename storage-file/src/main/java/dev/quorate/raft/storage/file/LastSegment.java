package dev.quorate.raft.storage.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one segment that may end in a torn write, and where it ends.
 *
 * @param scan the segment, read up to the first place that is not a valid, chained batch
 * @param batches the batches up to there
 * @param proven the highest offset that is proven forced, at most the place where the batches end
 */
record LastSegment(SegmentScan scan, List<SegmentScan.Batch> batches, int proven) {

  /**
   * Reads the last segment.
   *
   * @param mark what the watermark says, if it can be understood
   * @throws IOException if it cannot be read, or is damaged otherwise than by a torn last write
   */
  static LastSegment read(SegmentScan scan, Optional<Watermark.Mark> mark) throws IOException {
    List<SegmentScan.Batch> batches = new ArrayList<>();
    for (SegmentScan.Batch batch = scan.next(); batch != null; batch = scan.next()) {
      batches.add(batch);
    }
    return of(scan, batches, mark);
  }

  /** What the batches, all that could be read, amount to. */
  static LastSegment of(
      SegmentScan scan, List<SegmentScan.Batch> batches, Optional<Watermark.Mark> mark)
      throws IOException {
    int proven = Math.max(scan.header().length() + scan.header().carried(), scan.claimBehind());
    if (!batches.isEmpty()) {
      proven = Math.max(proven, batches.get(batches.size() - 1).header().forced());
    }
    if (mark.isPresent() && mark.get().sequence() == scan.header().sequence()) {
      proven = Math.max(proven, mark.get().offset());
    }
    if (scan.end() < proven) {
      throw Damage.at(
          scan.file(), scan.end(), "a batch is damaged that was forced: all is up to " + proven);
    }
    if (proven < scan.end() && !isBoundary(batches, proven)) {
      throw Damage.at(scan.file(), proven, "this is said to be forced, and no batch begins here");
    }
    return new LastSegment(scan, batches, proven);
  }

  private static boolean isBoundary(List<SegmentScan.Batch> batches, int offset) {
    for (SegmentScan.Batch batch : batches) {
      if (batch.offset() == offset) {
        return true;
      }
    }
    return false;
  }

  /** How many bytes of a torn write lie behind the last valid batch. */
  int torn() {
    return scan.writtenEnd() - scan.end();
  }

  /** Whether all that can be read is proven forced, so that the segment may go on. */
  boolean isWhole() {
    return proven == scan.end() && torn() == 0;
  }
}
