package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.storage.LogEntry;

/**
 * What the engine must know of a snapshot besides its state: what the log would say, had it not
 * been compacted.
 *
 * @param index the index of the last entry whose effect the snapshot contains, at least 1
 * @param term the term of that entry
 * @param clusterTimeMillis the newest stamp of the cluster's time up to there (rule P11)
 * @param configuration the last configuration entry up to there (rule P7)
 * @param bootstrap the cluster's first entry, for members that come late to its formation (rule P1)
 */
public record SnapshotMetadata(
    long index, long term, long clusterTimeMillis, LogEntry configuration, LogEntry bootstrap) {

  /** Checks that the parts fit together. */
  public SnapshotMetadata {
    if (index < 1 || term < 0 || !isConfiguration(configuration) || !isConfiguration(bootstrap)) {
      throw new IllegalArgumentException("metadata of a snapshot at " + index + "/" + term);
    }
    if (configuration.index() > index || configuration.term() > term || bootstrap.index() != 1) {
      throw new IllegalArgumentException(
          "configuration " + configuration + " in a snapshot at " + index + "/" + term);
    }
  }

  private static boolean isConfiguration(LogEntry entry) {
    return entry.type() == LogEntry.Type.CONFIGURATION;
  }
}
