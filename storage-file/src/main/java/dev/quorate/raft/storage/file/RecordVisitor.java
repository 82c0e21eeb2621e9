package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.WriteRecord;

/** Is shown the records of a segment in their order, those that were overwritten later too. */
@FunctionalInterface
public interface RecordVisitor {

  /**
   * Looks at a record.
   *
   * @param offset where it begins in the segment's file
   * @param intact whether its own checksum is right; that of the batch around it is
   * @param record the record; an append holds one entry, a view of bytes that are not kept
   */
  void record(int offset, boolean intact, WriteRecord record);
}
