package dev.quorate.raft.engine.disk;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.RecoveredLog.TermStart;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.ArrayList;
import java.util.List;

/** What a log holds after some records. */
public final class LogImage {

  private final List<LogEntry> entries = new ArrayList<>();
  private HardState hardState = HardState.INITIAL;
  private long baseIndex;
  private long baseTerm;

  public LogImage() {}

  public LogImage(LogImage other) {
    become(other);
  }

  public void become(LogImage other) {
    entries.clear();
    entries.addAll(other.entries);
    hardState = other.hardState;
    baseIndex = other.baseIndex;
    baseTerm = other.baseTerm;
  }

  public HardState hardState() {
    return hardState;
  }

  public void hardState(HardState state) {
    hardState = state;
  }

  public long baseIndex() {
    return baseIndex;
  }

  public long lastIndex() {
    return baseIndex + entries.size();
  }

  public List<LogEntry> entries() {
    return List.copyOf(entries);
  }

  public void apply(WriteRecord record) {
    if (record instanceof WriteRecord.SetHardState set) {
      hardState = set.state();
    } else if (record instanceof WriteRecord.Append append) {
      append.entries().forEach(this::append);
    } else if (record instanceof WriteRecord.Truncate truncate) {
      must(truncate.fromIndex() > baseIndex && truncate.fromIndex() <= lastIndex() + 1, record);
      entries.subList(position(truncate.fromIndex()), entries.size()).clear();
    } else if (record instanceof WriteRecord.Compact compact) {
      must(termAt(compact.throughIndex()) == compact.throughTerm(), record);
      compact(compact.throughIndex(), compact.throughTerm());
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      install(install.snapshot());
    }
  }

  public void append(LogEntry entry) {
    must(entry.index() == lastIndex() + 1, entry);
    entries.add(entry);
  }

  private void install(SnapshotId snapshot) {
    must(snapshot.index() >= baseIndex, snapshot);
    if (termAt(snapshot.index()) != snapshot.term()) {
      entries.clear();
      baseIndex = snapshot.index();
      baseTerm = snapshot.term();
    } else {
      compact(snapshot.index(), snapshot.term());
    }
  }

  private void compact(long index, long term) {
    if (index > baseIndex) {
      entries.subList(0, position(index + 1)).clear();
      baseIndex = index;
      baseTerm = term;
    }
  }

  private long termAt(long index) {
    if (index == baseIndex) {
      return baseTerm;
    }
    return index < baseIndex || index > lastIndex() ? -1 : entries.get(position(index)).term();
  }

  private int position(long index) {
    return (int) (index - baseIndex - 1);
  }

  private void must(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what + " on a log from behind " + baseIndex + " to " + lastIndex());
    }
  }

  public List<LogEntry> read(long from, long to, long maxBytes) {
    List<LogEntry> found = new ArrayList<>();
    long bytes = 0;
    for (long at = from;
        from > baseIndex && at < to && at <= lastIndex() && (found.isEmpty() || bytes < maxBytes);
        at++) {
      LogEntry entry = entries.get(position(at));
      found.add(entry);
      bytes += entry.encodedLength();
    }
    return found;
  }

  public RecoveredLog recovered() {
    List<TermStart> terms = new ArrayList<>();
    List<LogEntry> configurations = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (terms.isEmpty() || terms.get(terms.size() - 1).term() != entry.term()) {
        terms.add(new TermStart(entry.index(), entry.term()));
      }
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    return new RecoveredLog(hardState, baseIndex, baseTerm, lastIndex(), terms, configurations);
  }
}
