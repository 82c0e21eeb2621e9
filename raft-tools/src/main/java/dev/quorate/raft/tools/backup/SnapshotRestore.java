package dev.quorate.raft.tools.backup;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.storage.file.FileStorageProvider;
import dev.quorate.raft.storage.file.SnapshotInspection;
import dev.quorate.raft.tools.files.Unfinished;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Members;
import dev.quorate.raft.tools.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Makes the directories of a new cluster, all at once, because its first configuration names every
 * disk; from one backup of each group that its nodes are to have. State, index and term are those
 * of the snapshots; cluster ids, members and disks are new, so that no node of the old cluster has
 * a part in it.
 */
public final class SnapshotRestore {

  private final SortedMap<String, SnapshotInspection> backups = new TreeMap<>();
  private final String cluster;
  private final SortedMap<NodeId, Address> nodes;
  private final RandomGenerator random;
  private final long wallMillis;

  /** A group that is restored: what from, and who is in it. */
  private record Group(SnapshotInspection backup, Configuration configuration, long boot) {}

  /**
   * Of backups.
   *
   * @param backups one of each group, at least one
   * @param cluster the new cluster's name
   * @param nodes its nodes, which have all groups
   * @param random draws its ids and its disks' incarnations
   * @param wallMillis the time that is written into its first entries
   * @throws IllegalArgumentException if two are of the same group; the message names it
   * @throws IOException if one cannot be read
   */
  public SnapshotRestore(
      List<SnapshotInspection> backups,
      String cluster,
      SortedMap<NodeId, Address> nodes,
      RandomGenerator random,
      long wallMillis)
      throws IOException {
    for (SnapshotInspection backup : backups) {
      if (this.backups.put(backup.group(), backup) != null) {
        throw new IllegalArgumentException("two backups of group '" + backup.group() + "'");
      }
    }
    this.cluster = cluster;
    this.nodes = nodes;
    this.random = random;
    this.wallMillis = wallMillis;
  }

  /**
   * Makes a directory with one below it for each node, named by its id. It has its name only when
   * it is whole.
   *
   * @throws dev.quorate.raft.api.storage.CorruptionException if a backup is damaged
   * @throws IOException if something cannot be read or written, or the directory is there already
   */
  public void to(Path directory, Report report) throws IOException {
    for (SnapshotInspection backup : backups.values()) {
      backup.verify();
    }
    SortedMap<NodeId, Long> incarnations = new TreeMap<>();
    nodes.keySet().forEach(id -> incarnations.put(id, nonZero()));
    List<Group> groups = new ArrayList<>();
    for (SnapshotInspection backup : backups.values()) {
      groups.add(new Group(backup, configuration(backup, incarnations), nonZero()));
    }
    Path unfinished = Unfinished.begin(directory);
    Files.createDirectories(unfinished);
    for (NodeId id : nodes.keySet()) {
      restore(unfinished.resolve(id.value()), id, incarnations.get(id), groups);
    }
    Unfinished.end(unfinished, directory);
    for (Group group : groups) {
      report.say(line(group, directory));
    }
  }

  private static Line line(Group group, Path directory) throws IOException {
    try (SnapshotSource source = group.backup.open()) {
      Line line =
          Line.of("restored")
              .with("group", group.backup.group())
              .with("index", source.id().index())
              .with("term", source.id().term())
              .with("path", directory.toString());
      return Members.with(line, group.configuration);
    }
  }

  private Configuration configuration(
      SnapshotInspection backup, SortedMap<NodeId, Long> incarnations) throws IOException {
    int level = level(backup);
    List<Member> members = new ArrayList<>();
    nodes.forEach(
        (id, address) -> members.add(new Member(id, incarnations.get(id), address, level)));
    return Configuration.ofVoters(new ClusterId(nonZero(), nonZero()), level, members);
  }

  /** The feature level of the group, by which its snapshot is written. */
  private static int level(SnapshotInspection backup) throws IOException {
    try (SnapshotSource source = backup.open()) {
      LogEntry configuration = SnapshotContent.metadata(source).configuration();
      return ConfigurationCodec.decode(configuration.payload()).level();
    } catch (DecodeException e) {
      throw new CorruptionException("the backup's configuration: " + e.getMessage(), e);
    }
  }

  private long nonZero() {
    long number;
    do {
      number = random.nextLong();
    } while (number == 0);
    return number;
  }

  private void restore(Path directory, NodeId node, long incarnation, List<Group> groups)
      throws IOException {
    StorageContext context =
        new StorageContext(
            directory, cluster, node, incarnation, "bin/raft restore", Settings.of(Map.of()));
    try (Storage storage = new FileStorageProvider().open(context)) {
      for (Group group : groups) {
        restore(storage, group);
      }
    }
  }

  private void restore(Storage storage, Group group) throws IOException {
    try (GroupLog log = storage.openLog(group.backup.group())) {
      SnapshotId id = write(storage, group);
      log.write(
          new WriteBatch(
              1,
              List.of(
                  new WriteRecord.SetHardState(HardState.withoutVote(id.term())),
                  new WriteRecord.InstallSnapshot(id))));
      storage.force();
    }
  }

  private SnapshotId write(Storage storage, Group group) throws IOException {
    try (SnapshotSource source = group.backup.open();
        SnapshotSink sink =
            storage
                .openSnapshots(group.backup.group())
                .create(group.boot, source.id().index(), source.id().term())) {
      SnapshotContent.Opened content = SnapshotContent.open(source);
      LogEntry first =
          LogEntry.of(
              LogEntry.Type.CONFIGURATION,
              1,
              0,
              0,
              wallMillis,
              ConfigurationCodec.encode(group.configuration));
      SnapshotMetadata metadata =
          new SnapshotMetadata(
              content.metadata().index(),
              content.metadata().term(),
              content.metadata().clusterTimeMillis(),
              first,
              first);
      SnapshotContent.write(
          sink, metadata, content.sections(), out -> content.state().transferTo(out));
      return sink.commit();
    }
  }
}
