package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;

/** Takes the records of a stream in their order. */
interface RecordSink {

  void hardState(HardState state);

  void truncate(long fromIndex);

  /**
   * Takes an entry.
   *
   * @param entry a view of a buffer that may be used again: to be copied if it is to be kept
   * @param offset where its record begins in the segment
   */
  void entry(LogEntry entry, int offset);

  /** Takes the index and term of the last entry that is not needed. */
  void compact(long throughIndex, long throughTerm);

  /** Takes the snapshot that is there in place of the whole log. */
  void install(SnapshotId snapshot);
}
