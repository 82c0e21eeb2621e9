package dev.quorate.raft.api.storage;

import java.io.IOException;
import java.util.List;

/**
 * One group's log, as a stream of batches going down and entries coming back. Which thread may call
 * what is said at {@link Storage}.
 */
public interface GroupLog extends AutoCloseable {

  /**
   * What the log held when it was opened.
   *
   * @return its durable content; the same at every call, whatever was written since
   */
  RecoveredLog recovered();

  /**
   * Appends a batch to the stream. It is readable when this returns, and durable after the next
   * {@link Storage#force}. A batch may be of any length, up to an entry of 64 MiB and more.
   *
   * <p>A batch that is refused leaves no trace, and the next one has the same sequence number. A
   * storage checks that indexes are consecutive; terms of entries it only keeps.
   *
   * @param batch the records, in order
   * @throws IllegalArgumentException if the batch does not follow: its sequence number is not the
   *     next, an entry is not behind the last one, a truncation is not within the log or reaches
   *     what was compacted, a compaction is beyond the end or names another term than the entry
   *     has, a snapshot that the log does not contain is older than what was compacted; nothing of
   *     it was written
   * @throws NoSpaceException if there is no room; nothing of the batch was written, and it may be
   *     written again later. A batch with commands is not refused while it is within what {@link
   *     Storage#hasSpace} promised, a batch without any not before the reserve is used up
   * @throws IOException if the write failed: the storage is then of no more use; or if the log is
   *     closed
   */
  void write(WriteBatch batch) throws IOException;

  /**
   * Reads entries that were written before and not truncated since, forced or not. All that one
   * call returns was in the log together at one moment during the call, whatever is written
   * meanwhile, and stays as it is afterwards.
   *
   * @param from the first index; any number
   * @param to the index after the last one wanted, more than {@code from}; it may lie behind the
   *     end of the log
   * @param maxBytes stop after the entry that makes the sum of {@link LogEntry#encodedLength} reach
   *     this; at least one entry is returned, even if this is 0 or less
   * @return one or more consecutive entries beginning at {@code from}; empty if {@code from} is
   *     not, or is no longer, in the log (a truncation or compaction came between)
   * @throws IllegalArgumentException if {@code to} is not more than {@code from}
   * @throws IOException if they cannot be read, or the log is closed
   * @throws CorruptionException if they can be read and are damaged
   */
  List<LogEntry> read(long from, long to, long maxBytes) throws IOException;

  /**
   * Closes this group's files and no other's. What was written and not forced is forced, if no
   * earlier failure forbids it. Idempotent.
   *
   * @throws IOException if that failed
   */
  @Override
  void close() throws IOException;
}
