package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.WriteRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the records so far amount to. Recovery and the running log feed it in the same way: with
 * records as they were encoded.
 */
final class LogState implements RecordSink {

  /** Nothing is compacted yet, so the log begins behind index 0. */
  private static final long BASE_INDEX = 0;

  private static final long BASE_TERM = 0;

  private final EntryIndex index = new EntryIndex(BASE_INDEX + 1);
  private final List<TermStart> terms = new ArrayList<>();
  private final List<LogEntry> configurations = new ArrayList<>();
  private HardState hardState = HardState.INITIAL;
  private long lastIndex = BASE_INDEX;
  private int segment;

  /** The records that follow lie in this segment. */
  void enter(int sequence) {
    segment = sequence;
  }

  /**
   * Checks that records may follow, before any of them is written.
   *
   * @throws IllegalArgumentException if entries are not consecutive or a truncation is out of the
   *     log
   */
  void check(List<WriteRecord> records) {
    long last = lastIndex;
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.Truncate truncate) {
        checkTruncation(truncate.fromIndex(), last);
        last = truncate.fromIndex() - 1;
      } else if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          checkEntry(entry, last);
          last++;
        }
      }
    }
  }

  private void checkTruncation(long fromIndex, long last) {
    if (fromIndex <= BASE_INDEX || fromIndex > last + 1) {
      throw new IllegalArgumentException(
          "truncation from " + fromIndex + " of a log of " + (BASE_INDEX + 1) + " to " + last);
    }
  }

  private static void checkEntry(LogEntry entry, long last) {
    if (entry.index() != last + 1) {
      throw new IllegalArgumentException("entry " + entry.index() + " behind entry " + last);
    }
  }

  @Override
  public void hardState(HardState state) {
    hardState = state;
  }

  @Override
  public void truncate(long fromIndex) {
    checkTruncation(fromIndex, lastIndex);
    lastIndex = fromIndex - 1;
    index.truncate(fromIndex);
    terms.removeIf(start -> start.firstIndex() >= fromIndex);
    configurations.removeIf(entry -> entry.index() >= fromIndex);
  }

  @Override
  public void entry(LogEntry entry, int offset) {
    checkEntry(entry, lastIndex);
    if (lastIndex == BASE_INDEX || entry.term() != lastTerm()) {
      terms.add(new TermStart(entry.index(), entry.term()));
    }
    if (entry.type() == LogEntry.Type.CONFIGURATION) {
      configurations.add(copy(entry));
    }
    lastIndex = entry.index();
    index.add(segment, offset, entry.encodedLength());
  }

  private static LogEntry copy(LogEntry entry) {
    ByteBuffer bytes = ByteBuffer.allocate(entry.encodedLength());
    return LogEntry.decode(bytes.put(entry.encoded()).flip());
  }

  EntryIndex index() {
    return index;
  }

  /** The last hard state. */
  HardState hardState() {
    return hardState;
  }

  long lastIndex() {
    return lastIndex;
  }

  /** The term of the last entry, or the base's. */
  long lastTerm() {
    return terms.isEmpty() ? BASE_TERM : terms.get(terms.size() - 1).term();
  }

  /** The configuration entry that is in effect: always the last one of the log (P7). */
  Optional<LogEntry> configuration() {
    return configurations.isEmpty()
        ? Optional.empty()
        : Optional.of(configurations.get(configurations.size() - 1));
  }

  /** The header of a segment that begins here. */
  SegmentHeader header(
      String group,
      long incarnation,
      int sequence,
      int previousEnd,
      int previousChain,
      int carried) {
    return new SegmentHeader(
        group,
        incarnation,
        sequence,
        previousEnd,
        previousChain,
        carried,
        lastIndex,
        lastTerm(),
        hardState,
        configuration());
  }

  RecoveredLog recovered() {
    return new RecoveredLog(hardState, BASE_INDEX, BASE_TERM, lastIndex, terms, configurations);
  }
}
