package dev.quorate.raft.tools;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.HardState;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.storage.file.FileStorageProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The log of a directory, written without a node: also what no node would write. */
public final class Log implements AutoCloseable {

  private final Storage storage;
  private final GroupLog log;
  private long sequence;

  private Log(Storage storage, GroupLog log) {
    this.storage = storage;
    this.log = log;
  }

  /** Opens the default group's log of a directory of node n1. */
  public static Log open(Path directory) throws IOException {
    Storage storage =
        new FileStorageProvider()
            .open(
                new StorageContext(
                    directory,
                    Cluster.NAME,
                    NodeId.of("n1"),
                    4711,
                    "a test",
                    Settings.of(Map.of("raft.storage.file.segment-bytes", "4KiB"))));
    return new Log(storage, storage.openLog("default"));
  }

  public long lastIndex() {
    return log.recovered().lastIndex();
  }

  public HardState hardState() {
    return log.recovered().hardState();
  }

  public Log write(WriteRecord... records) throws IOException {
    sequence++;
    log.write(new WriteBatch(sequence, List.of(records)));
    return this;
  }

  public Log force() throws IOException {
    storage.force();
    return this;
  }

  /** Makes a snapshot whose state is so many zeros. */
  public SnapshotId snapshot(long index, long term, int length) throws IOException {
    Member self = new Member(NodeId.of("n1"), 4711, new Address("localhost", 7001));
    LogEntry first =
        LogEntry.of(
            LogEntry.Type.CONFIGURATION,
            1,
            0,
            0,
            0,
            ConfigurationCodec.encode(Configuration.ofVoters(new ClusterId(1, 2), List.of(self))));
    try (SnapshotSink sink = storage.openSnapshots("default").create(99, index, term)) {
      SnapshotContent.write(
          sink,
          new SnapshotMetadata(index, term, 0, first, first),
          new TreeMap<>(),
          out -> out.write(new byte[length]));
      return sink.commit();
    }
  }

  public static WriteRecord term(long term) {
    return new WriteRecord.SetHardState(HardState.withoutVote(term));
  }

  public static WriteRecord vote(long term, String node) {
    return new WriteRecord.SetHardState(new HardState(term, Optional.of(NodeId.of(node)), 7));
  }

  public static WriteRecord entry(LogEntry.Type type, long index, long term, int bytes) {
    return new WriteRecord.Append(
        List.of(LogEntry.of(type, index, term, 0, 0, ByteBuffer.allocate(bytes))));
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
