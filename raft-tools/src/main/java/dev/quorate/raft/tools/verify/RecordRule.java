package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.storage.file.SegmentInspection;
import java.nio.file.Path;

/** Something that holds from record to record. */
interface RecordRule {

  /**
   * Where a record is.
   *
   * @param file the segment
   * @param offset where it begins there
   */
  record Place(Path file, int offset) {}

  /** A segment begins, perhaps not behind the one before: one between them may be damaged. */
  void begin(SegmentInspection segment);

  /** Looks at the next record. */
  void check(Place place, boolean intact, WriteRecord record, Findings findings);
}
