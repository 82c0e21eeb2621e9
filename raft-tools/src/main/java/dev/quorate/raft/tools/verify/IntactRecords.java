package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;

/** Every record has the checksum of its bytes. */
final class IntactRecords implements RecordRule {

  @Override
  public void begin(SegmentInspection segment) {
    // Nothing is carried over from record to record.
  }

  @Override
  public void check(Place place, boolean intact, WriteRecord record, Findings findings) {
    if (!intact) {
      findings.damage(
          "record",
          place.file(),
          place.offset(),
          "the checksum of a record is wrong, and that of the batch around it is right",
          Advice.WIPE);
    }
  }
}
