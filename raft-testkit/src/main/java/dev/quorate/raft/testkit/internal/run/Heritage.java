package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.testkit.internal.check.Ledger;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.node.World;
import dev.quorate.raft.testkit.internal.storage.LogModel;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a restored cluster begins with.
 *
 * @param log what stands behind the snapshot: the old cluster's entries up to its index, with the
 *     new cluster's first configuration in the place of all theirs
 * @param files the files of each node, by their paths in its data directory
 */
record Heritage(List<LogEntry> log, Map<NodeId, SortedMap<String, byte[]>> files) {

  /**
   * Looks at what was restored.
   *
   * @param old what the old cluster has committed
   * @throws Violation if it is not a snapshot of that (I14), or cannot be used (I19)
   */
  static Heritage read(Workstation station, Plan plan, List<NodeId> nodes, Ledger old) {
    SnapshotMetadata metadata = metadata(station, plan, nodes.get(0));
    LogEntry last = old.committedAt(metadata.index());
    Violation.unless(
        last != null && last.term() == metadata.term(),
        "I14",
        () -> metadata + " is restored, and what is committed there is " + last);
    List<LogEntry> log = new ArrayList<>();
    log.add(metadata.bootstrap());
    for (long index = 2; index <= metadata.index(); index++) {
      log.add(withoutConfiguration(old.at(index)));
    }
    Map<NodeId, SortedMap<String, byte[]>> files = new TreeMap<>();
    nodes.forEach(id -> files.put(id, station.below(Workstation.RESTORED + "/" + id)));
    return new Heritage(List.copyOf(log), files);
  }

  private static SnapshotMetadata metadata(Workstation station, Plan plan, NodeId node) {
    Path directory = station.disk().copy(1).path(Workstation.RESTORED + "/" + node);
    StorageContext context =
        new StorageContext(
            directory, World.CLUSTER, node, 1, "a simulation", plan.settings().all());
    try (Storage storage = plan.storage().open(context)) {
      storage.openLog(plan.mainGroup());
      SnapshotStore snapshots = storage.openSnapshots(plan.mainGroup());
      List<SnapshotId> all = snapshots.list();
      try (SnapshotSource source = snapshots.open(all.get(all.size() - 1))) {
        return SnapshotContent.metadata(source);
      }
    } catch (IOException e) {
      throw new Violation("I19", "what was restored cannot be used: " + e);
    }
  }

  private static LogEntry withoutConfiguration(LogEntry entry) {
    return entry.type() != LogEntry.Type.CONFIGURATION
        ? entry
        : LogEntry.of(
            LogEntry.Type.NO_OP,
            entry.index(),
            entry.term(),
            entry.clusterTimeMillis(),
            entry.wallTimeMillis(),
            ByteBuffer.allocate(0));
  }

  /** The snapshot's index. */
  long index() {
    return log.size();
  }

  /** The new cluster's machines get it, and are of a version that understands it. */
  void giveTo(Cluster cluster) {
    int level = LogModel.configuration(log.get(0)).orElseThrow().level();
    for (SimulatedNode node : cluster.nodes()) {
      node.version().install(level);
      node.main().restored(files.get(node.id()), index());
    }
  }
}
