package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snapshots in this process, written from the Javadoc alone. */
final class MemorySnapshots implements SnapshotStore {

  private final Map<SnapshotId, byte[]> complete;
  private Optional<SnapshotId> leftId = Optional.empty();
  private ByteArrayOutputStream left = new ByteArrayOutputStream();

  MemorySnapshots(Map<SnapshotId, byte[]> complete) {
    this.complete = complete;
  }

  @Override
  public synchronized List<SnapshotId> list() {
    return complete.keySet().stream()
        .sorted(Comparator.comparingLong(SnapshotId::index).reversed())
        .toList();
  }

  @Override
  public SnapshotSink create(long boot, long index, long term) {
    return new Sink(
        new SnapshotId(boot, index, term, 0, 0), Optional.empty(), new ByteArrayOutputStream());
  }

  @Override
  public synchronized SnapshotSink receive(SnapshotId id) {
    ByteArrayOutputStream begun =
        leftId.equals(Optional.of(id)) ? left : new ByteArrayOutputStream();
    leftId = Optional.empty();
    return new Sink(id, Optional.of(id), begun);
  }

  @Override
  public synchronized SnapshotSource open(SnapshotId id) throws IOException {
    byte[] content = complete.get(id);
    if (content == null) {
      throw new IOException(id + " is not there");
    }
    return new Source(id, content);
  }

  @Override
  public synchronized void delete(SnapshotId id) {
    complete.remove(id);
  }

  private final class Sink implements SnapshotSink {
    private final SnapshotId asked;
    private final Optional<SnapshotId> announced;
    private final ByteArrayOutputStream content;
    private boolean ended;

    Sink(SnapshotId asked, Optional<SnapshotId> announced, ByteArrayOutputStream content) {
      this.asked = asked;
      this.announced = announced;
      this.content = content;
    }

    @Override
    public long position() {
      return content.size();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (ended) {
        throw new IOException("closed");
      }
      while (bytes.hasRemaining()) {
        content.write(bytes.get());
      }
    }

    @Override
    public SnapshotId commit() throws IOException {
      if (ended) {
        throw new IOException("closed");
      }
      ended = true;
      byte[] bytes = content.toByteArray();
      SnapshotId id =
          new SnapshotId(asked.boot(), asked.index(), asked.term(), bytes.length, hash(bytes));
      if (announced.isPresent() && !announced.get().equals(id)) {
        throw new CorruptionException(id + " and not " + announced.get());
      }
      synchronized (MemorySnapshots.this) {
        complete.put(id, bytes);
      }
      return id;
    }

    @Override
    public void close() {
      if (!ended && announced.isPresent()) {
        synchronized (MemorySnapshots.this) {
          leftId = announced;
          left = content;
        }
      }
      ended = true;
    }
  }

  private record Source(SnapshotId id, byte[] content) implements SnapshotSource {

    @Override
    public int read(long offset, ByteBuffer into) {
      if (offset == content.length) {
        return -1;
      }
      int count = (int) Math.min(into.remaining(), content.length - offset);
      into.put(content, (int) offset, count);
      return count;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static long hash(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
