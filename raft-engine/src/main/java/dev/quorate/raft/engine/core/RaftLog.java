package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
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

  /** The log that a node begins with. */
  RaftLog(Beginning beginning, long cacheBytes) {
    RecoveredLog recovered = beginning.log();
    terms =
        new TermRuns(
            recovered.baseIndex(), recovered.baseTerm(), recovered.lastIndex(), recovered.terms());
    cache = new EntryCache(recovered.lastIndex() + 1, cacheBytes);
    writes = new WriteStream(beginning.writeSequence(), recovered.lastIndex());
    hardState = recovered.hardState();
    newestClusterTime = beginning.clusterTimeMillis();
    beginning.snapshot().ifPresent(snapshot -> put(snapshot.metadata().configuration()));
    recovered.configurations().forEach(this::put);
    // Until the log of a newcomer holds one; in it the node has no vote.
    beginning.told().ifPresent(told -> configurations.put(0L, told.configuration()));
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

  /** The index before the first entry that is retained; 0 while nothing was compacted. */
  long baseIndex() {
    return terms.baseIndex();
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

  /**
   * The configuration in effect: the last one in the log, committed or not, else the snapshot's
   * (rule P7). It follows from what log and snapshot hold, and is never set.
   */
  Configuration configuration() {
    return configurations.lastEntry().getValue();
  }

  /** The index of the entry that holds the configuration in effect. */
  long configurationIndex() {
    return configurations.lastKey();
  }

  /** The configuration in effect at an index, under its own index. */
  Map.Entry<Long, Configuration> configurationAt(long index) {
    Map.Entry<Long, Configuration> found = configurations.floorEntry(index);
    return found == null ? configurations.firstEntry() : found;
  }

  /** The retained configurations under their indexes. */
  SortedMap<Long, Configuration> configurations() {
    return Collections.unmodifiableSortedMap(configurations);
  }

  void append(LogEntry entry) {
    terms.append(entry.index(), entry.term());
    cache.append(entry);
    writes.append(entry);
    newestClusterTime = Math.max(newestClusterTime, entry.clusterTimeMillis());
    if (entry.type() == LogEntry.Type.CONFIGURATION) {
      put(entry);
    }
  }

  private void put(LogEntry entry) {
    configurations.put(entry.index(), read(entry));
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

  /** Drops the entries up to an index, whose effect a durable snapshot contains. */
  void compact(long throughIndex) {
    writes.compact(throughIndex, terms.at(throughIndex));
    terms.compact(throughIndex);
    cache.dropThrough(throughIndex);
    Long last = configurations.floorKey(throughIndex);
    if (last != null) {
      configurations.headMap(last).clear();
    }
  }

  /**
   * A snapshot takes the place of the log, which does not have the entry at its index: the log ends
   * before, or differs there, and then everything behind differs too (section 5.3 of the Raft
   * paper; rule P6). What it has may be of a later term than the snapshot: of a leader that was
   * elected before the snapshot's entries were committed, by an entry of a still later term (figure
   * 8 of the paper).
   */
  void install(StoredSnapshot snapshot, long commitIndex) {
    SnapshotMetadata metadata = snapshot.metadata();
    if (snapshot.index() <= commitIndex || terms.at(snapshot.index()) == metadata.term()) {
      throw new InvariantViolation(
          snapshot + " is to take the place of a log that has it; committed: " + commitIndex);
    }
    writes.install(snapshot.id(), commitIndex);
    terms.restart(metadata.index(), metadata.term());
    cache.restart(metadata.index() + 1);
    configurations.clear();
    put(metadata.configuration());
    newestClusterTime = Math.max(newestClusterTime, metadata.clusterTimeMillis());
  }

  void endTurn(Time now, Effects effects) {
    writes.endTurn(lastIndex(), now, effects);
    cache.evict(writes.durableIndex());
  }

  /** The configuration in an entry. */
  static Configuration read(LogEntry entry) {
    try {
      return ConfigurationCodec.decode(entry.payload());
    } catch (DecodeException e) {
      throw new InvariantViolation("entry " + entry + " is no configuration: " + e.getMessage());
    }
  }
}
