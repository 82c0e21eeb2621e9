package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.nio.ByteBuffer;
import java.util.SortedMap;

/**
 * The replicated state at one moment, to be written while more is applied.
 *
 * @param metadata what the log says up to there
 * @param sections the engine's own replicated state
 * @param state the state machine's
 */
record CapturedState(
    SnapshotMetadata metadata, SortedMap<Integer, ByteBuffer> sections, Snapshot state)
    implements AutoCloseable {

  @Override
  public void close() {
    state.close();
  }
}
