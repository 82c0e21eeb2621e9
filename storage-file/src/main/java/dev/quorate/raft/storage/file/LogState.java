package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
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

  private final EntryIndex index = new EntryIndex();
  private final Terms terms = new Terms();
  private final Beginnings beginnings = new Beginnings();
  private final List<LogEntry> configurations = new ArrayList<>();
  private Optional<LogEntry> baseConfiguration = Optional.empty();
  private HardState hardState = HardState.INITIAL;
  private int segment;

  /** Whether what was before the log's beginning was dropped on purpose, or never was. */
  private boolean grounded = true;

  /**
   * Begins with a segment whose predecessors are gone. A compaction or an install in it, or behind
   * it, must say that they may be: the record that let them be deleted is in what is left.
   */
  void begin(SegmentHeader header) {
    hardState = header.hardState();
    terms.begin(header.baseIndex(), header.baseTerm());
    index.restart(header.baseIndex() + 1);
    baseConfiguration = header.configuration();
    grounded = false;
  }

  /** The records that follow lie in this segment. */
  void enter(int sequence) {
    segment = sequence;
    beginnings.add(sequence, terms.lastIndex());
  }

  /**
   * Checks that records may follow, before any of them is written, and decides what the install of
   * a snapshot does.
   *
   * @return the records, in which an install that keeps what is behind the snapshot is a compaction
   * @throws IllegalArgumentException if entries are not consecutive, or something is not in the log
   *     or was compacted
   */
  List<WriteRecord> resolve(List<WriteRecord> records) {
    Terms after = terms.copy();
    List<WriteRecord> resolved = new ArrayList<>(records.size());
    for (WriteRecord record : records) {
      WriteRecord next = record;
      if (record instanceof WriteRecord.InstallSnapshot install) {
        SnapshotId id = install.snapshot();
        if (after.has(id.index(), id.term())) {
          next = new WriteRecord.Compact(id.index(), id.term());
        }
      }
      after.take(next);
      resolved.add(next);
    }
    return resolved;
  }

  /** Whether records make all segments but the newest one superfluous. */
  boolean leaveOnlyOne(List<WriteRecord> records) {
    for (WriteRecord record : records) {
      if (record instanceof WriteRecord.InstallSnapshot
          || record instanceof WriteRecord.Compact compact
              && beginnings.sequence(compact.throughIndex()) == segment) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void hardState(HardState state) {
    hardState = state;
  }

  /**
   * Takes a truncation.
   *
   * @throws NoBeginningException if the log cannot be read from where this began
   */
  @Override
  public void truncate(long fromIndex) {
    if (!grounded && fromIndex <= terms.baseIndex()) {
      throw new NoBeginningException();
    }
    terms.truncate(fromIndex);
    index.truncate(fromIndex);
    beginnings.truncate(fromIndex);
    configurations.removeIf(entry -> entry.index() >= fromIndex);
  }

  @Override
  public void entry(LogEntry entry, int offset) {
    terms.append(entry.index(), entry.term());
    if (entry.type() == LogEntry.Type.CONFIGURATION) {
      configurations.add(copy(entry));
    }
    index.add(segment, offset, entry.encodedLength());
  }

  private static LogEntry copy(LogEntry entry) {
    ByteBuffer bytes = ByteBuffer.allocate(entry.encodedLength());
    return LogEntry.decode(bytes.put(entry.encoded()).flip());
  }

  @Override
  public void compact(long throughIndex, long throughTerm) {
    terms.compact(throughIndex, throughTerm);
    grounded |= throughIndex >= terms.baseIndex();
    beginnings.compact(throughIndex);
    long base = beginnings.baseIndex();
    terms.dropThrough(base);
    index.dropBefore(base + 1);
    while (!configurations.isEmpty() && configurations.get(0).index() <= base) {
      baseConfiguration = Optional.of(configurations.remove(0));
    }
  }

  @Override
  public void install(SnapshotId snapshot) {
    terms.install(snapshot);
    grounded = true;
    beginnings.install(snapshot.index());
    index.restart(snapshot.index() + 1);
    configurations.clear();
    // The snapshot has it.
    baseConfiguration = Optional.empty();
  }

  EntryIndex index() {
    return index;
  }

  /** The last hard state. */
  HardState hardState() {
    return hardState;
  }

  long lastIndex() {
    return terms.lastIndex();
  }

  /** The term of the last entry, or the base's. */
  long lastTerm() {
    return terms.lastTerm();
  }

  /** The segment with which the log begins; those before it are superfluous. */
  int firstSegment() {
    return beginnings.first();
  }

  /** Whether a log from here on, with what is to follow, says why it does not begin earlier. */
  boolean grounded(List<List<WriteRecord>> following) {
    boolean found = grounded;
    for (List<WriteRecord> records : following) {
      for (WriteRecord record : records) {
        found |=
            record instanceof WriteRecord.InstallSnapshot
                || record instanceof WriteRecord.Compact compact
                    && compact.throughIndex() >= terms.baseIndex();
      }
    }
    return found;
  }

  /**
   * The configuration entry that is in effect: the last one of the log (P7), or that before its
   * base. Empty if only a snapshot has it.
   */
  Optional<LogEntry> configuration() {
    return configurations.isEmpty()
        ? baseConfiguration
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
        terms.lastIndex(),
        terms.lastTerm(),
        hardState,
        configuration());
  }

  RecoveredLog recovered() {
    return new RecoveredLog(
        hardState,
        terms.baseIndex(),
        terms.baseTerm(),
        terms.lastIndex(),
        terms.starts(),
        configurations);
  }
}
