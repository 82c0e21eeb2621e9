package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A log as the next start would find it, looked at and not changed. */
public final class LogInspection {

  private final LogState state;
  private final LastSegment last;
  private final EntryReader reader;

  LogInspection(LogState state, LastSegment last, EntryReader reader) {
    this.state = state;
    this.last = last;
    this.reader = reader;
  }

  /**
   * What the log holds.
   *
   * @return as a storage says it of a log that it opened
   */
  public RecoveredLog recovered() {
    return state.recovered();
  }

  /**
   * The configuration entry that is in effect at the end of the log.
   *
   * @return the last one of the log, or that before its base; empty if only a snapshot has it
   */
  public Optional<LogEntry> configuration() {
    return state.configuration();
  }

  /**
   * The number of the segment with which the log begins; those before it are superfluous.
   *
   * @return from 1
   */
  public int firstSegment() {
    return state.firstSegment();
  }

  /**
   * The file of the last segment.
   *
   * @return its path
   */
  public Path lastFile() {
    return last.scan().file();
  }

  /**
   * Where the whole batches end.
   *
   * @return a place in the last segment
   */
  public LogPosition end() {
    return new LogPosition(last.scan().header().sequence(), last.scan().end());
  }

  /**
   * Up to where the log is proven to have been forced. A start writes what is behind it anew.
   *
   * @return a place at or before the end
   */
  public LogPosition proven() {
    return new LogPosition(last.scan().header().sequence(), last.proven());
  }

  /**
   * How many bytes of a torn write lie behind the end. A start cuts them.
   *
   * @return at least 0
   */
  public int tornBytes() {
    return last.torn();
  }

  /**
   * Reads entries, with their checksums.
   *
   * @param from the first index
   * @param to the index behind the last
   * @param maxBytes where the sum of their lengths reaches this, the rest is left out
   * @return consecutive entries, at least the first; none if that is not in the log
   * @throws dev.quorate.raft.api.storage.CorruptionException if one is damaged
   * @throws IOException if one cannot be read
   */
  public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
    return reader.read(state.index().locate(from, to, maxBytes), from);
  }
}
