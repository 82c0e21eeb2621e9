package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.ReplicatedSection;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that applied entries have brought about, and that a snapshot therefore holds: the state
 * machine, the engine's own replicated state, and what is known of the log up to the last of them.
 * Only for the applier's turns.
 */
final class ReplicatedState {

  private final StateMachine stateMachine;
  private final List<ReplicatedSection> sections;
  private final int level;
  private long index;
  private long term;
  private long clusterTimeMillis;
  private Optional<LogEntry> bootstrap = Optional.empty();
  private Optional<LogEntry> configuration = Optional.empty();

  /**
   * State that nothing was applied to.
   *
   * @param level the highest feature level that this version supports
   */
  ReplicatedState(StateMachine stateMachine, List<ReplicatedSection> sections, int level) {
    this.stateMachine = stateMachine;
    this.level = level;
    this.sections = List.copyOf(sections);
  }

  /** The index of the last applied entry, or 0. */
  long index() {
    return index;
  }

  /**
   * Looks whether this version may go on behind a configuration (rule P18).
   *
   * @throws DecodeException if the group has reached a level that it does not support
   */
  void support(LogEntry entry) throws DecodeException {
    int reached = ConfigurationCodec.decode(entry.payload()).level();
    if (reached > level) {
      throw new DecodeException(
          "the group has reached feature level "
              + reached
              + ", and this version supports "
              + level
              + ": a newer version is needed");
    }
  }

  /** The entry was applied. */
  void applied(LogEntry entry) {
    index = entry.index();
    term = entry.term();
    clusterTimeMillis = Math.max(clusterTimeMillis, entry.clusterTimeMillis());
    if (entry.type() == LogEntry.Type.CONFIGURATION) {
      configuration = Optional.of(entry);
      bootstrap = bootstrap.or(() -> configuration);
    }
  }

  /** Captures everything; empty if the state machine has no snapshots. */
  Optional<CapturedState> capture() {
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            index, term, clusterTimeMillis, configuration.orElseThrow(), bootstrap.orElseThrow());
    SortedMap<Integer, ByteBuffer> captured = new TreeMap<>();
    sections.forEach(section -> captured.put(section.code(), section.capture()));
    // The user's last, because from here on it must be closed.
    Optional<Snapshot> state = stateMachine.capture();
    return state.map(snapshot -> new CapturedState(metadata, captured, snapshot));
  }

  /** Replaces everything by what a snapshot holds. */
  void restore(SnapshotSource source) throws IOException {
    SnapshotContent.Opened content = SnapshotContent.open(source);
    try {
      support(content.metadata().configuration());
    } catch (DecodeException e) {
      throw SnapshotContent.newer(source, e.getMessage());
    }
    SortedMap<Integer, ByteBuffer> unknown = new TreeMap<>(content.sections());
    sections.forEach(section -> unknown.remove(section.code()));
    if (!unknown.isEmpty()) {
      throw SnapshotContent.newer(source, "sections " + unknown.keySet() + " are not known here");
    }
    try {
      restore(content.sections());
    } catch (DecodeException e) {
      throw new CorruptionException(source.id() + " cannot be used: " + e.getMessage(), e);
    }
    stateMachine.restore(content.state());
    index = content.metadata().index();
    term = content.metadata().term();
    clusterTimeMillis = content.metadata().clusterTimeMillis();
    bootstrap = Optional.of(content.metadata().bootstrap());
    configuration = Optional.of(content.metadata().configuration());
  }

  private void restore(SortedMap<Integer, ByteBuffer> found) throws DecodeException {
    for (ReplicatedSection section : sections) {
      section.restore(found.getOrDefault(section.code(), ByteBuffer.allocate(0)));
    }
  }
}
