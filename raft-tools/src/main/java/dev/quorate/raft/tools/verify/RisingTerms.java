package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;

/**
 * The terms of entries never fall from one to the next: a leader appends behind what it was elected
 * with, and was elected in a higher term (Ongaro's dissertation, section 3.6.1).
 */
final class RisingTerms implements RecordRule {

  private final LogShape shape = new LogShape();

  @Override
  public void begin(SegmentInspection segment) {
    shape.begin(segment);
  }

  @Override
  public void check(Place place, boolean intact, WriteRecord record, Findings findings) {
    if (record instanceof WriteRecord.Append append) {
      LogEntry entry = append.entries().get(0);
      if (entry.term() < shape.lastTerm()) {
        findings.damage(
            "term",
            place.file(),
            place.offset(),
            "entry "
                + entry.index()
                + " is of term "
                + entry.term()
                + ", behind one of term "
                + shape.lastTerm(),
            Advice.WIPE);
      }
    }
    shape.take(record);
  }
}
