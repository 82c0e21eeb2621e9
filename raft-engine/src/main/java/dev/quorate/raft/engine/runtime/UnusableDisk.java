package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.WriteBatch;
import java.io.IOException;
import java.util.List;

/**
 * Stands in for the log and the snapshots of a group whose disk has failed, or is damaged or cannot
 * be read. It is not an empty log: whoever took it for one would vote again where the real one has
 * voted (rule P1). It touches no file.
 */
final class UnusableDisk implements GroupLog, SnapshotStore {

  private final Hindrance hindrance;

  UnusableDisk(Hindrance hindrance) {
    this.hindrance = hindrance;
  }

  Hindrance hindrance() {
    return hindrance;
  }

  private IOException refusal() {
    return new IOException(hindrance.condition().message());
  }

  @Override
  public RecoveredLog recovered() {
    throw new IllegalStateException(hindrance.condition().message());
  }

  @Override
  public void write(WriteBatch batch) throws IOException {
    throw refusal();
  }

  @Override
  public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
    throw refusal();
  }

  @Override
  public void close() {
    // Nothing is open.
  }

  @Override
  public List<SnapshotId> list() throws IOException {
    throw refusal();
  }

  @Override
  public SnapshotSink create(long boot, long index, long term) throws IOException {
    throw refusal();
  }

  @Override
  public SnapshotSink receive(SnapshotId id) throws IOException {
    throw refusal();
  }

  @Override
  public SnapshotSource open(SnapshotId id) throws IOException {
    throw refusal();
  }

  @Override
  public void delete(SnapshotId id) throws IOException {
    throw refusal();
  }
}
