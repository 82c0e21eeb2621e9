package dev.quorate.simulation;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.storage.file.SnapshotInspection;
import dev.quorate.raft.testkit.simulation.BackupTool;
import dev.quorate.raft.tools.backup.SnapshotBackup;
import dev.quorate.raft.tools.backup.SnapshotRestore;
import dev.quorate.raft.tools.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.random.RandomGenerator;

/** What {@code bin/raft backup} and {@code bin/raft restore} do. */
final class RaftTool implements BackupTool {

  private static final Report SILENT = line -> {};

  @Override
  public void backUp(Path data, String group, Path file) throws IOException {
    try (Inspection inspection = Inspection.open(data)) {
      new SnapshotBackup(inspection.group(group), SILENT).to(file);
    }
  }

  @Override
  public void restore(
      Path file,
      String cluster,
      SortedMap<NodeId, Address> nodes,
      RandomGenerator random,
      long wallMillis,
      Path directory)
      throws IOException {
    List<SnapshotInspection> backups = List.of(SnapshotInspection.ofCopy(file));
    new SnapshotRestore(backups, cluster, nodes, random, wallMillis).to(directory, SILENT);
  }
}
