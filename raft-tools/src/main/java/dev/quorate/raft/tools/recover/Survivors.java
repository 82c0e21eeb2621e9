package dev.quorate.raft.tools.recover;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.storage.file.LogInspection;
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
    LogEntry configuration =
        log.configuration()
            .orElseThrow(
                () ->
                    new RefusedException(
                        name + " has no configuration in its log, from which to take this node"));
    RecoveredLog recovered = log.recovered();
    try {
      Survivor survivor =
          new Survivor(
              directory.identity(),
              group.id(),
              recovered,
              clusterTime(log),
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

  private static long clusterTime(LogInspection log) throws IOException {
    long last = log.recovered().lastIndex();
    Optional<LogEntry> entry = log.read(last, last + 1, 1).stream().findFirst();
    return entry.or(log::configuration).map(LogEntry::clusterTimeMillis).orElse(0L);
  }
}
