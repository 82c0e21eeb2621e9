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
import java.util.random.RandomGenerator;

/**
 * Makes the directories of a new cluster, all at once, because its first configuration names every
 * disk. State, index and term are those of the snapshot; cluster id, members and disks are new, so
 * that no node of the old cluster has a part in it.
 */
public final class SnapshotRestore {

  private final SnapshotInspection backup;
  private final String cluster;
  private final SortedMap<NodeId, Address> nodes;
  private final RandomGenerator random;
  private final long wallMillis;

  /**
   * Of a backup.
   *
   * @param cluster the new cluster's name
   * @param nodes its nodes
   * @param random draws its id and its disks' incarnations
   * @param wallMillis the time that is written into its first entry
   */
  public SnapshotRestore(
      SnapshotInspection backup,
      String cluster,
      SortedMap<NodeId, Address> nodes,
      RandomGenerator random,
      long wallMillis) {
    this.backup = backup;
    this.cluster = cluster;
    this.nodes = nodes;
    this.random = random;
    this.wallMillis = wallMillis;
  }

  /**
   * Makes a directory with one below it for each node, named by its id. It has its name only when
   * it is whole.
   *
   * @throws dev.quorate.raft.api.storage.CorruptionException if the backup is damaged
   * @throws IOException if something cannot be read or written, or the directory is there already
   */
  public void to(Path directory, Report report) throws IOException {
    backup.verify();
    List<Member> members = new ArrayList<>();
    int level = level();
    nodes.forEach((id, address) -> members.add(new Member(id, nonZero(), address, level)));
    Configuration configuration =
        Configuration.ofVoters(new ClusterId(nonZero(), nonZero()), level, members);
    long boot = nonZero();
    Path unfinished = Unfinished.begin(directory);
    Files.createDirectories(unfinished);
    for (Member member : members) {
      restore(unfinished.resolve(member.id().value()), member, configuration, boot);
    }
    Unfinished.end(unfinished, directory);
    try (SnapshotSource source = backup.open()) {
      Line line =
          Line.of("restored")
              .with("group", backup.group())
              .with("index", source.id().index())
              .with("term", source.id().term())
              .with("path", directory.toString());
      report.say(Members.with(line, configuration));
    }
  }

  /** The feature level of the group, by which its snapshot is written. */
  private int level() throws IOException {
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

  private void restore(Path directory, Member member, Configuration configuration, long boot)
      throws IOException {
    StorageContext context =
        new StorageContext(
            directory,
            cluster,
            member.id(),
            member.incarnation(),
            "bin/raft restore",
            Settings.of(Map.of()));
    try (Storage storage = new FileStorageProvider().open(context);
        GroupLog log = storage.openLog(backup.group())) {
      SnapshotId id = write(storage, configuration, boot);
      log.write(
          new WriteBatch(
              1,
              List.of(
                  new WriteRecord.SetHardState(HardState.withoutVote(id.term())),
                  new WriteRecord.InstallSnapshot(id))));
      storage.force();
    }
  }

  private SnapshotId write(Storage storage, Configuration configuration, long boot)
      throws IOException {
    try (SnapshotSource source = backup.open();
        SnapshotSink sink =
            storage
                .openSnapshots(backup.group())
                .create(boot, source.id().index(), source.id().term())) {
      SnapshotContent.Opened content = SnapshotContent.open(source);
      LogEntry first =
          LogEntry.of(
              LogEntry.Type.CONFIGURATION,
              1,
              0,
              0,
              wallMillis,
              ConfigurationCodec.encode(configuration));
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
