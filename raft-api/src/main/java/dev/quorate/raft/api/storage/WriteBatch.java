package dev.quorate.raft.api.storage;

import java.util.List;

/**
 * What one turn of a group adds to its stream. A batch survives a crash as a whole or not at all.
 *
 * @param sequence rises by one from batch to batch of a group since its log was opened, beginning
 *     with 1 at every opening. It names the batch in acknowledgements, which an index could not: an
 *     index may be overwritten and written again
 * @param records one or more, in order
 */
public record WriteBatch(long sequence, List<WriteRecord> records) {

  /** Copies the list and checks that it is not empty. */
  public WriteBatch {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("a batch of no records");
    }
  }
}
