package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.message.Message.MembershipNotice;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import java.util.List;
import java.util.Optional;

/**
 * What a core begins with: what is on the node's disk.
 *
 * @param log the log
 * @param snapshot the snapshot to begin with; there is one if the log was compacted
 * @param bootstrap the cluster's first entry
 * @param clusterTimeMillis the newest stamp of the cluster's time in log and snapshot
 * @param writeSequence the sequence of the last batch written since the log was opened, or 0
 * @param told what the node was told of the group that has let it in, as long as its log is empty
 */
public record Beginning(
    RecoveredLog log,
    Optional<StoredSnapshot> snapshot,
    LogEntry bootstrap,
    long clusterTimeMillis,
    long writeSequence,
    Optional<MembershipNotice> told) {

  /** Checks that the snapshot reaches the log. */
  public Beginning {
    long reached = snapshot.map(StoredSnapshot::index).orElse(0L);
    if (reached < log.baseIndex() || reached > log.lastIndex()) {
      throw new InvariantViolation(
          "a snapshot at "
              + reached
              + " does not go with a log from behind "
              + log.baseIndex()
              + " to "
              + log.lastIndex());
    }
  }

  /** What is on the disk of a member that nobody had to tell anything. */
  public Beginning(
      RecoveredLog log,
      Optional<StoredSnapshot> snapshot,
      LogEntry bootstrap,
      long clusterTimeMillis,
      long writeSequence) {
    this(log, snapshot, bootstrap, clusterTimeMillis, writeSequence, Optional.empty());
  }

  /**
   * An empty disk; the log is going to be sent.
   *
   * @param hardState what there is besides a log: the node may have been let in before
   * @param record the cluster's first entry
   * @param told the committed configuration that names the node
   */
  public static Beginning newcomer(HardState hardState, LogEntry record, MembershipNotice told) {
    return new Beginning(
        new RecoveredLog(hardState, 0, 0, 0, List.of(), List.of()),
        Optional.empty(),
        record,
        0,
        0,
        Optional.of(told));
  }

  /** The log of a member of a cluster that was formed just now. */
  public static Beginning formed(HardState hardState, LogEntry record, long writeSequence) {
    RecoveredLog log =
        new RecoveredLog(
            hardState,
            0,
            0,
            record.index(),
            List.of(new RecoveredLog.TermStart(record.index(), record.term())),
            List.of(record));
    return new Beginning(log, Optional.empty(), record, record.clusterTimeMillis(), writeSequence);
  }

  /**
   * What was found on the disk.
   *
   * @param log the log, which holds an entry or goes on behind the snapshot
   * @param last its last entry, if it holds one
   */
  public static Beginning recovered(
      RecoveredLog log, Optional<LogEntry> last, Optional<StoredSnapshot> snapshot) {
    Optional<SnapshotMetadata> metadata = snapshot.map(StoredSnapshot::metadata);
    return new Beginning(
        log,
        snapshot,
        metadata.map(SnapshotMetadata::bootstrap).orElseGet(() -> log.configurations().get(0)),
        Math.max(
            last.map(LogEntry::clusterTimeMillis).orElse(0L),
            metadata.map(SnapshotMetadata::clusterTimeMillis).orElse(0L)),
        0);
  }
}
