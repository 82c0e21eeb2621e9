package dev.quorate.raft.api.storage;

import java.io.IOException;
import java.util.List;

/** One group's log, as a stream of batches going down and entries coming back. */
public interface GroupLog extends AutoCloseable {

  /**
   * What the log held when it was opened.
   *
   * @return its durable content; the same at every call
   */
  RecoveredLog recovered();

  /**
   * Appends a batch to the stream. It is readable when this returns, and durable after the next
   * {@link Storage#force}.
   *
   * @param batch the records, in order
   * @throws NoSpaceException if there is no room; nothing of the batch was written, and it may be
   *     written again later. A batch with commands is not refused while it is within what {@link
   *     Storage#hasSpace} promised, a batch without any not before the reserve is used up
   * @throws IOException if the write failed; the storage is then of no more use
   */
  void write(WriteBatch batch) throws IOException;

  /**
   * Reads entries that were written before and not truncated since.
   *
   * @param from the first index
   * @param to the index after the last one wanted, more than {@code from}
   * @param maxBytes stop after the entry that makes the encoded sum reach this; at least one entry
   *     is returned
   * @return one or more consecutive entries beginning at {@code from}; empty if {@code from} is
   *     not, or is no longer, in the log (a truncation or compaction came between)
   * @throws IOException if they cannot be read
   * @throws CorruptionException if they can be read and are damaged
   */
  List<LogEntry> read(long from, long to, long maxBytes) throws IOException;

  /**
   * Closes this group's files.
   *
   * @throws IOException if that failed
   */
  @Override
  void close() throws IOException;
}
