package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.core.Beginning;
import dev.quorate.raft.engine.core.StoredSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a node found on its disk when it was started.
 *
 * @param beginning what to begin with, if there is anything and nothing is wrong with it
 * @param hindrance what is wrong
 */
record DiskContent(Optional<Beginning> beginning, Optional<Hindrance> hindrance) {

  static DiskContent read(GroupLog log, SnapshotFiles snapshots) {
    try {
      return readDisk(log, snapshots);
    } catch (IOException e) {
      return unusable(Hindrance.unreadable(e.getMessage()));
    }
  }

  private static DiskContent readDisk(GroupLog log, SnapshotFiles snapshots) throws IOException {
    if (log instanceof UnusableDisk disk) {
      return unusable(disk.hindrance());
    }
    RecoveredLog recovered = log.recovered();
    if (recovered.lastIndex() == 0) {
      return new DiskContent(Optional.empty(), Optional.empty());
    }
    Optional<StoredSnapshot> snapshot = snapshots.newestFor(recovered);
    if (snapshot.isEmpty() && recovered.baseIndex() > 0) {
      return unusable(withoutSnapshot(recovered, snapshots.unreadable()));
    }
    if (snapshot.isEmpty() && !beginsWithFirstEntry(recovered)) {
      return unusable(Hindrance.damage("the log does not begin with the cluster's first entry"));
    }
    return new DiskContent(
        Optional.of(Beginning.recovered(recovered, lastEntry(log), snapshot)), Optional.empty());
  }

  private static Hindrance withoutSnapshot(RecoveredLog log, List<String> unreadable) {
    String what =
        "the log begins behind index "
            + log.baseIndex()
            + ", and no readable snapshot of index "
            + log.baseIndex()
            + " to "
            + log.lastIndex()
            + " goes with it: ";
    return unreadable.isEmpty()
        ? Hindrance.damage(
            what
                + "bring the snapshot's file back, or wipe this node's data and let it be added"
                + " again")
        : Hindrance.unreadable(what + String.join("; ", unreadable));
  }

  /** Whether nothing is there. */
  boolean isEmpty() {
    return beginning.isEmpty() && hindrance.isEmpty();
  }

  private static DiskContent unusable(Hindrance hindrance) {
    return new DiskContent(Optional.empty(), Optional.of(hindrance));
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
