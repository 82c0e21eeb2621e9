package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import java.io.IOException;
import java.util.List;

/** A storage that does what another does, for variants that do one thing else. */
class ForwardingStorage implements Storage {

  final Storage sound;

  ForwardingStorage(Storage sound) {
    this.sound = sound;
  }

  @Override
  public long incarnation() {
    return sound.incarnation();
  }

  @Override
  public GroupLog openLog(String group) throws IOException {
    return sound.openLog(group);
  }

  @Override
  public SnapshotStore openSnapshots(String group) throws IOException {
    return sound.openSnapshots(group);
  }

  @Override
  public boolean removeGroup(String group) throws IOException {
    return sound.removeGroup(group);
  }

  @Override
  public void force() throws IOException {
    sound.force();
  }

  @Override
  public boolean hasSpace() {
    return sound.hasSpace();
  }

  @Override
  public long reserveBytes() {
    return sound.reserveBytes();
  }

  @Override
  public void close() throws IOException {
    sound.close();
  }

  /** The same for a log. */
  static class Log implements GroupLog {

    final GroupLog sound;

    Log(GroupLog sound) {
      this.sound = sound;
    }

    @Override
    public RecoveredLog recovered() {
      return sound.recovered();
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      sound.write(batch);
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
      return sound.read(from, to, maxBytes);
    }

    @Override
    public void close() throws IOException {
      sound.close();
    }
  }

  /** The same for snapshots. */
  static class Snapshots implements SnapshotStore {

    final SnapshotStore sound;

    Snapshots(SnapshotStore sound) {
      this.sound = sound;
    }

    @Override
    public List<SnapshotId> list() throws IOException {
      return sound.list();
    }

    @Override
    public SnapshotSink create(long boot, long index, long term) throws IOException {
      return sound.create(boot, index, term);
    }

    @Override
    public SnapshotSink receive(SnapshotId id) throws IOException {
      return sound.receive(id);
    }

    @Override
    public SnapshotSource open(SnapshotId id) throws IOException {
      return sound.open(id);
    }

    @Override
    public void delete(SnapshotId id) throws IOException {
      sound.delete(id);
    }
  }
}
