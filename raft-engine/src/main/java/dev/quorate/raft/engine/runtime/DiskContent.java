package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.core.Beginning;
import dev.quorate.raft.engine.core.StoredSnapshot;
import java.io.IOException;
import java.util.Optional;

/**
 * What a node found on its disk when it was started.
 *
 * @param isEmpty whether it found nothing
 * @param beginning what to begin with, if that is possible
 * @param hindrance why it is not, for people
 */
record DiskContent(boolean isEmpty, Optional<Beginning> beginning, String hindrance) {

  /** What to do where a read has failed, which another one need not. */
  static final String IF_UNREADABLE =
      ". The node does not serve. Look at the disk and start the node again; if that does not help,"
          + " wipe this node's whole data directory, on a sound disk, and let the node rejoin as a new"
          + " member, one node at a time.";

  static DiskContent read(GroupLog log, SnapshotFiles snapshots) {
    try {
      return readDisk(log, snapshots);
    } catch (IOException e) {
      return unusable(e.getMessage() + IF_UNREADABLE);
    }
  }

  private static DiskContent readDisk(GroupLog log, SnapshotFiles snapshots) throws IOException {
    if (log instanceof DamagedDisk damaged) {
      return unusable(damaged.damage());
    }
    RecoveredLog recovered = log.recovered();
    if (recovered.lastIndex() == 0) {
      return new DiskContent(true, Optional.empty(), "");
    }
    Optional<StoredSnapshot> snapshot = snapshots.newestFor(recovered);
    if (snapshot.isEmpty() && recovered.baseIndex() > 0) {
      return unusable(
          "the log begins behind index "
              + recovered.baseIndex()
              + ", and no readable snapshot of index "
              + recovered.baseIndex()
              + " to "
              + recovered.lastIndex()
              + " goes with it: bring the snapshot's file back, or wipe this node's data and let it"
              + " be added again");
    }
    if (snapshot.isEmpty() && !beginsWithFirstEntry(recovered)) {
      return unusable("the log does not begin with the cluster's first entry");
    }
    return new DiskContent(
        false, Optional.of(Beginning.recovered(recovered, lastEntry(log), snapshot)), "");
  }

  private static DiskContent unusable(String hindrance) {
    return new DiskContent(false, Optional.empty(), hindrance);
  }

  private static boolean beginsWithFirstEntry(RecoveredLog recovered) {
    return !recovered.configurations().isEmpty() && recovered.configurations().get(0).index() == 1;
  }

  private static Optional<LogEntry> lastEntry(GroupLog log) throws IOException {
    long last = log.recovered().lastIndex();
    return last == log.recovered().baseIndex()
        ? Optional.empty()
        : log.read(last, last + 1, 1).stream().findFirst();
  }
}
