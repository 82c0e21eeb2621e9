package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;

/** Every entry follows the one before it. */
final class ConsecutiveIndexes implements RecordRule {

  private final LogShape shape = new LogShape();

  @Override
  public void begin(SegmentInspection segment) {
    shape.begin(segment);
  }

  @Override
  public void check(Place place, boolean intact, WriteRecord record, Findings findings) {
    if (record instanceof WriteRecord.Append append
        && append.entries().get(0).index() != shape.lastIndex() + 1) {
      findings.damage(
          "index",
          place.file(),
          place.offset(),
          "here is entry " + append.entries().get(0).index() + " behind entry " + shape.lastIndex(),
          Advice.WIPE);
    }
    shape.take(record);
  }
}
