package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One caller's hold on a snapshot that is being written. */
final class FileSnapshotSink implements SnapshotSink {

  private final FileSnapshotStore store;
  private final SnapshotHeader header;
  private final Optional<SnapshotId> announced;
  private final SnapshotWriter writer;
  private boolean failed;
  private boolean ended;

  /**
   * A sink.
   *
   * @param announced the snapshot that is received; empty if this node makes it
   */
  FileSnapshotSink(
      FileSnapshotStore store,
      SnapshotHeader header,
      Optional<SnapshotId> announced,
      SnapshotWriter writer) {
    this.store = store;
    this.header = header;
    this.announced = announced;
    this.writer = writer;
  }

  @Override
  public long position() {
    return writer.length();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    checkUsable();
    failed = true;
    if (announced.isPresent() && bytes.remaining() > announced.get().length() - position()) {
      writer.discard();
      throw Damage.inSnapshot(
          writer.file(), position(), "more was received than " + announced.get() + " has");
    }
    writer.append(bytes);
    failed = false;
  }

  @Override
  public SnapshotId commit() throws IOException {
    checkUsable();
    failed = true;
    SnapshotFooter footer = writer.finish();
    SnapshotId id =
        new SnapshotId(
            header.boot(), header.index(), header.term(), footer.length(), footer.hash());
    if (announced.isPresent() && !announced.get().equals(id)) {
      writer.discard();
      throw Damage.inSnapshot(
          writer.file(), 0, "what was received is " + id + " and not " + announced.get());
    }
    writer.force();
    try {
      store.publish(writer.file(), id);
    } catch (IOException e) {
      writer.discard();
      throw e;
    }
    ended = true;
    return id;
  }

  private void checkUsable() throws IOException {
    if (failed || ended) {
      throw new IOException(writer.file() + ": the sink failed, or was committed or closed");
    }
  }

  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    if (failed) {
      return;
    }
    if (announced.isPresent()) {
      writer.suspend();
      store.leave(announced.get(), writer);
    } else {
      writer.discard();
    }
  }
}
