package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.LogInspection;
import dev.quorate.raft.storage.file.SnapshotInspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Every snapshot has the content that its hash was made of, which is the engine's, and where the
 * log does not begin at the first entry a snapshot has what is before.
 */
final class WholeSnapshots implements Rule {

  @Override
  public void check(GroupInspection group, Findings findings) throws IOException {
    long newest = 0;
    for (SnapshotInspection snapshot : group.snapshots()) {
      try {
        snapshot.verify();
        try (SnapshotSource source = snapshot.open()) {
          SnapshotContent.metadata(source);
          newest = Math.max(newest, source.id().index());
        }
      } catch (CorruptionException e) {
        findings.damage("snapshot", e.getMessage());
      }
    }
    for (Path aside : group.snapshotsSetAside()) {
      findings.note(
          "set-aside",
          aside
              + " was found damaged at a start and does not count; delete it when you have looked");
    }
    checkCovers(group, newest, findings);
  }

  private static void checkCovers(GroupInspection group, long newest, Findings findings)
      throws IOException {
    Optional<RecoveredLog> log;
    try {
      log = group.log().map(LogInspection::recovered);
    } catch (CorruptionException e) {
      return; // Another rule says so.
    }
    if (log.isPresent() && log.get().baseIndex() > newest) {
      findings.damage(
          "no-snapshot",
          "group "
              + group.id()
              + ": the log begins behind entry "
              + log.get().baseIndex()
              + ", and no whole snapshot has what is before. Without it the state is lost here: wipe"
              + " this node's whole data directory and let the node rejoin as a new member, one node at"
              + " a time.");
    }
  }
}
