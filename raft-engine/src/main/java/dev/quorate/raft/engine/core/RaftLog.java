package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.Configuration;
import java.util.TreeMap;

/**
 * The log as consensus sees it: terms of all entries, the newest entries, the configurations in it,
 * and the stream of writes that makes it durable. All changes of durable state go through here.
 */
final class RaftLog {

  private final TermRuns terms;
  private final EntryCache cache;
  private final WriteStream writes;
  private final TreeMap<Long, Configuration> configurations = new TreeMap<>();
  private HardState hardState;
  private long newestClusterTime;

  /**
   * The log that was recovered.
   *
   * @param last its last entry, of which the cluster's time is taken
   * @param writeSequence the sequence of the last batch written since the log was opened
   */
  RaftLog(RecoveredLog recovered, LogEntry last, long writeSequence, long cacheBytes) {
    terms =
        new TermRuns(
            recovered.baseIndex(), recovered.baseTerm(), recovered.lastIndex(), recovered.terms());
    cache = new EntryCache(recovered.lastIndex() + 1, cacheBytes);
    writes = new WriteStream(writeSequence, recovered.lastIndex());
    hardState = recovered.hardState();
    newestClusterTime = last.clusterTimeMillis();
    recovered.configurations().forEach(entry -> configurations.put(entry.index(), read(entry)));
    if (configurations.isEmpty()) {
      throw new InvariantViolation("the log holds no configuration");
    }
  }

  HardState hardState() {
    return hardState;
  }

  void setHardState(HardState state) {
    if (state.term() < hardState.term()
        || (state.term() == hardState.term()
            && hardState.votedFor().isPresent()
            && !state.equals(hardState))) {
      throw new InvariantViolation("hard state " + state + " after " + hardState);
    }
    hardState = state;
    writes.hardState(state);
  }

  long lastIndex() {
    return terms.lastIndex();
  }

  long lastTerm() {
    return terms.at(terms.lastIndex());
  }

  TermRuns terms() {
    return terms;
  }

  EntryCache cache() {
    return cache;
  }

  WriteStream writes() {
    return writes;
  }

  /**
   * The highest stamp of cluster time that this log has ever held. It is not lowered by a
   * truncation: the truncated stamps were of time that passed.
   */
  long newestClusterTime() {
    return newestClusterTime;
  }

  /** The configuration in effect: the last one in the log, committed or not (rule P7). */
  Configuration configuration() {
    return configurations.lastEntry().getValue();
  }

  void append(LogEntry entry) {
    terms.append(entry.index(), entry.term());
    cache.append(entry);
    writes.append(entry);
    newestClusterTime = Math.max(newestClusterTime, entry.clusterTimeMillis());
    if (entry.type() == LogEntry.Type.CONFIGURATION) {
      configurations.put(entry.index(), read(entry));
    }
  }

  void truncateFrom(long index, long commitIndex) {
    if (index <= commitIndex) {
      throw new InvariantViolation(
          "entry " + index + " is to be truncated, but " + commitIndex + " is committed");
    }
    terms.truncateFrom(index);
    cache.truncateFrom(index);
    writes.truncate(index);
    configurations.tailMap(index, true).clear();
    if (configurations.isEmpty()) {
      throw new InvariantViolation("truncating from " + index + " leaves no configuration");
    }
  }

  void endTurn(Time now, Effects effects) {
    writes.endTurn(lastIndex(), now, effects);
    cache.evict(writes.durableIndex());
  }

  private static Configuration read(LogEntry entry) {
    try {
      return ConfigurationCodec.decode(entry.payload());
    } catch (DecodeException e) {
      throw new InvariantViolation("entry " + entry + " is no configuration: " + e.getMessage());
    }
  }
}
