package dev.quorate.raft.engine.disk;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Snapshots that survive their process; what is not complete does not. Fails when told to. */
public final class MemorySnapshots implements SnapshotStore {

  private static final Comparator<SnapshotId> OLDEST_FIRST =
      Comparator.comparingLong(SnapshotId::index)
          .thenComparingLong(SnapshotId::boot)
          .thenComparingLong(SnapshotId::hash);

  private final TreeMap<SnapshotId, byte[]> complete = new TreeMap<>(OLDEST_FIRST);
  private final Map<SnapshotId, Long> damaged = new HashMap<>();
  private Optional<SnapshotId> left = Optional.empty();
  private byte[] leftContent = {};
  private final Set<SnapshotId> unreadable = new HashSet<>();
  private boolean full;
  private int reads;

  /** From now on there is no room for snapshots, or there is. */
  public synchronized void full(boolean value) {
    full = value;
  }

  /** The process ended. */
  public synchronized void restart() {
    left = Optional.empty();
  }

  /** What there is does not count any more. */
  public synchronized void lose() {
    complete.clear();
  }

  /** From some place on, a snapshot is not what it was any more. */
  public synchronized void damage(SnapshotId id, long from) {
    damaged.put(id, from);
  }

  /** The disk does not give a snapshot back. */
  public synchronized void spoil(SnapshotId id) {
    unreadable.add(id);
  }

  /** How often content was read. */
  public synchronized int reads() {
    return reads;
  }

  @Override
  public synchronized List<SnapshotId> list() {
    return List.copyOf(complete.descendingKeySet());
  }

  @Override
  public synchronized SnapshotSink create(long boot, long index, long term) throws IOException {
    must();
    return new Sink(new SnapshotId(boot, index, term, 0, 0), Optional.empty(), new byte[0]);
  }

  @Override
  public synchronized SnapshotSink receive(SnapshotId id) throws IOException {
    must();
    byte[] begun = left.equals(Optional.of(id)) ? leftContent : new byte[0];
    left = Optional.empty();
    return new Sink(id, Optional.of(id), begun);
  }

  private void must() throws NoSpaceException {
    if (full) {
      throw new NoSpaceException("no room for a snapshot", null);
    }
  }

  @Override
  public synchronized SnapshotSource open(SnapshotId id) throws IOException {
    byte[] content = complete.get(id);
    if (content == null) {
      throw new IOException(id + " is not there");
    }
    if (unreadable.contains(id)) {
      throw new UnreadableException("cannot read " + id, new IOException("told to"));
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
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean ended;

    Sink(SnapshotId asked, Optional<SnapshotId> announced, byte[] begun) {
      this.asked = asked;
      this.announced = announced;
      content.writeBytes(begun);
    }

    @Override
    public long position() {
      return content.size();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      synchronized (MemorySnapshots.this) {
        must();
      }
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      content.writeBytes(array);
    }

    @Override
    public SnapshotId commit() throws IOException {
      ended = true;
      byte[] bytes = content.toByteArray();
      SnapshotId id =
          new SnapshotId(
              asked.boot(), asked.index(), asked.term(), bytes.length, Arrays.hashCode(bytes));
      if (announced.isPresent() && !announced.get().equals(id)) {
        throw new CorruptionException(id + " and not " + announced.get());
      }
      synchronized (MemorySnapshots.this) {
        must();
        complete.put(id, bytes);
        damaged.remove(id);
      }
      return id;
    }

    @Override
    public void close() {
      if (!ended && announced.isPresent()) {
        synchronized (MemorySnapshots.this) {
          left = announced;
          leftContent = content.toByteArray();
        }
      }
      ended = true;
    }
  }

  private final class Source implements SnapshotSource {
    private final SnapshotId id;
    private final byte[] content;

    Source(SnapshotId id, byte[] content) {
      this.id = id;
      this.content = content;
    }

    @Override
    public SnapshotId id() {
      return id;
    }

    @Override
    public int read(long offset, ByteBuffer into) throws IOException {
      synchronized (MemorySnapshots.this) {
        reads++;
        if (offset + into.remaining() > damaged.getOrDefault(id, Long.MAX_VALUE)) {
          throw new CorruptionException(id + " is damaged");
        }
      }
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
}
