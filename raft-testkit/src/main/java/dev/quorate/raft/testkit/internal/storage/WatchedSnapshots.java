package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A store of snapshots with a model of what it promised. */
final class WatchedSnapshots implements SnapshotStore {

  private final SnapshotStore store;
  private final SnapshotModel model;

  WatchedSnapshots(SnapshotStore store, SnapshotModel model) {
    this.store = store;
    this.model = model;
  }

  @Override
  public List<SnapshotId> list() throws IOException {
    return store.list();
  }

  @Override
  public List<String> unreadable() {
    return store.unreadable();
  }

  @Override
  public SnapshotSink create(long boot, long index, long term) throws IOException {
    return new Sink(store.create(boot, index, term), model::made);
  }

  @Override
  public SnapshotSink receive(SnapshotId id) throws IOException {
    return new Sink(store.receive(id), model::received);
  }

  @Override
  public SnapshotSource open(SnapshotId id) throws IOException {
    return store.open(id);
  }

  @Override
  public void delete(SnapshotId id) throws IOException {
    model.deleting(id);
    store.delete(id);
  }

  private static final class Sink implements SnapshotSink {

    private final SnapshotSink sink;
    private final Consumer<SnapshotId> durable;

    private Sink(SnapshotSink sink, Consumer<SnapshotId> durable) {
      this.sink = sink;
      this.durable = durable;
    }

    @Override
    public long position() {
      return sink.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      sink.write(bytes);
    }

    @Override
    public SnapshotId commit() throws IOException {
      SnapshotId id = sink.commit();
      durable.accept(id);
      return id;
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }
}
