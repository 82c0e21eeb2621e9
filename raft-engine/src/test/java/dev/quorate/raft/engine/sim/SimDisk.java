package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A log whose batches are lost in a crash unless they were forced; what survives is a prefix. */
final class SimDisk implements GroupLog {

  private final SimSpace space;
  private final List<LogEntry> durable = new ArrayList<>();
  private final List<LogEntry> written = new ArrayList<>();
  private final ArrayDeque<WriteBatch> unforced = new ArrayDeque<>();
  private HardState durableState = HardState.INITIAL;
  private RecoveredLog recovered = RecoveredLog.EMPTY;

  SimDisk(SimSpace space) {
    this.space = space;
  }

  /** The entries that survive any crash. */
  List<LogEntry> durableEntries() {
    return durable;
  }

  HardState durableState() {
    return durableState;
  }

  /** The entries that the running process sees. */
  List<LogEntry> writtenEntries() {
    return written;
  }

  @Override
  public void write(WriteBatch batch) throws NoSpaceException {
    space.take(batch);
    unforced.add(batch);
    batch.records().forEach(record -> apply(record, written));
  }

  void force() {
    while (!unforced.isEmpty()) {
      forceOne();
    }
  }

  /** A crash keeps any prefix of what was not forced; reopening makes it durable (rule P3). */
  void crash(RandomGenerator random) {
    int kept = random.nextInt(unforced.size() + 1);
    for (int i = 0; i < kept; i++) {
      forceOne();
    }
    unforced.clear();
    written.clear();
    written.addAll(durable);
  }

  private void forceOne() {
    for (WriteRecord record : unforced.poll().records()) {
      apply(record, durable);
      if (record instanceof WriteRecord.SetHardState set) {
        durableState = set.state();
      }
    }
  }

  private static void apply(WriteRecord record, List<LogEntry> log) {
    if (record instanceof WriteRecord.Append append) {
      for (LogEntry entry : append.entries()) {
        if (entry.index() != log.size() + 1) {
          throw new AssertionError("entry " + entry + " after " + log.size());
        }
        log.add(entry);
      }
    } else if (record instanceof WriteRecord.Truncate truncate) {
      log.subList((int) truncate.fromIndex() - 1, log.size()).clear();
    }
  }

  /** Opens what is durable. */
  RecoveredLog open() {
    space.open();
    List<TermStart> terms = new ArrayList<>();
    List<LogEntry> configurations = new ArrayList<>();
    for (LogEntry entry : durable) {
      if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
        terms.add(new TermStart(entry.index(), entry.term()));
      }
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    recovered = new RecoveredLog(durableState, 0, 0, durable.size(), terms, configurations);
    return recovered;
  }

  @Override
  public RecoveredLog recovered() {
    return recovered;
  }

  @Override
  public List<LogEntry> read(long from, long to, long maxBytes) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    for (long index = from; index < to && index <= written.size() && bytes < maxBytes; index++) {
      found.add(written.get((int) index - 1));
      bytes += written.get((int) index - 1).encodedLength();
    }
    return found;
  }

  @Override
  public void close() {}
}
