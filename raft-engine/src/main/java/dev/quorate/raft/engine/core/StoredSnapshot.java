package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.util.Objects;

/**
 * A snapshot that is complete and durable on this node.
 *
 * @param id which one
 * @param metadata what it says of the log up to its index
 */
public record StoredSnapshot(SnapshotId id, SnapshotMetadata metadata) {

  /** Checks that nothing is missing. */
  public StoredSnapshot {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(metadata, "metadata");
  }

  long index() {
    return id.index();
  }
}
