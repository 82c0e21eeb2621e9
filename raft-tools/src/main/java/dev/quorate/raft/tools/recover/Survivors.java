package dev.quorate.raft.tools.recover;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.storage.file.LogInspection;
import dev.quorate.raft.storage.file.SnapshotInspection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what each group of a directory has. */
final class Survivors {

  private Survivors() {}

  /** All groups, of which each must have a log with a configuration that knows this disk. */
  static List<Survivor> of(Inspection directory) throws IOException, RefusedException {
    List<Survivor> found = new ArrayList<>();
    for (String group : directory.groups()) {
      found.add(of(directory, directory.group(group)));
    }
    if (found.isEmpty()) {
      throw new RefusedException(
          directory.directory() + " holds no log: there is nothing to go on from here");
    }
    return found;
  }

  private static Survivor of(Inspection directory, GroupInspection group)
      throws IOException, RefusedException {
    String name = "group " + group.id() + " in " + directory.directory();
    LogInspection log =
        group
            .log()
            .filter(l -> l.recovered().lastIndex() > 0)
            .orElseThrow(
                () -> new RefusedException(name + " has no log: there is nothing to go on from"));
    Optional<SnapshotMetadata> snapshot = newest(group, log.recovered());
    LogEntry configuration =
        log.configuration()
            .or(() -> snapshot.map(SnapshotMetadata::configuration))
            .orElseThrow(
                () ->
                    new RefusedException(
                        name
                            + " has no configuration in its log or snapshot, from which to take this node"));
    RecoveredLog recovered = log.recovered();
    try {
      Survivor survivor =
          new Survivor(
              directory.identity(),
              group.id(),
              recovered,
              Math.max(recovered.baseIndex(), snapshot.map(SnapshotMetadata::index).orElse(0L)),
              Math.max(
                  clusterTime(log), snapshot.map(SnapshotMetadata::clusterTimeMillis).orElse(0L)),
              ConfigurationCodec.decode(configuration.payload()));
      if (survivor.self().isEmpty()) {
        throw new RefusedException(
            "the configuration of "
                + name
                + " does not know this disk of node "
                + directory.identity().node()
                + ": it was wiped, or is not yet a member, so that its log is not the cluster's. Take the"
                + " directory of a member");
      }
      return survivor;
    } catch (DecodeException e) {
      throw new RefusedException(
          "the configuration of " + name + " cannot be read: " + e.getMessage());
    }
  }

  /** What the newest snapshot that goes with the log says. */
  private static Optional<SnapshotMetadata> newest(GroupInspection group, RecoveredLog log)
      throws IOException {
    Optional<SnapshotMetadata> newest = Optional.empty();
    for (SnapshotInspection snapshot : group.snapshots()) {
      try (SnapshotSource source = snapshot.open()) {
        long index = source.id().index();
        if (index >= log.baseIndex() && index <= log.lastIndex()) {
          newest = Optional.of(SnapshotContent.metadata(source));
        }
      }
    }
    return newest;
  }

  private static long clusterTime(LogInspection log) throws IOException {
    long last = log.recovered().lastIndex();
    List<LogEntry> entry = log.read(last, last + 1, 1);
    return entry.isEmpty() ? 0 : entry.get(0).clusterTimeMillis();
  }
}
