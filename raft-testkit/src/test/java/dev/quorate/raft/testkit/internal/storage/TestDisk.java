package dev.quorate.raft.testkit.internal.storage;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.List;

/** A sound disk whose log a test writes. */
public final class TestDisk {

  private final WatchedGroup group =
      new WatchedGroup("orders", new Nobody(), index -> null, new Sound(), () -> 1);

  private long batches;

  private static final class Sound implements WatchedStorage.Trust {
    @Override
    public boolean hasLied() {
      return false;
    }

    @Override
    public boolean isDamaged() {
      return false;
    }

    @Override
    public long errors() {
      return 0;
    }
  }

  private static final class Nobody implements WatchedStorage.Watcher {
    @Override
    public void writing(WriteBatch batch) {
      // The test knows.
    }

    @Override
    public void truncating(LogEntry entry, long term) {
      // The test knows.
    }

    @Override
    public void forced() {
      // The test knows.
    }
  }

  /** What is on it. */
  public WatchedGroup group() {
    return group;
  }

  /** Writes a batch, which a crash may lose. */
  public void write(WriteRecord... records) {
    group.writing(new WriteBatch(++batches, List.of(records)));
  }

  /** Nothing that was written is lost any more. */
  public void force() {
    group.forced();
  }

  /** It is replaced by an empty one. */
  public void replace() {
    group.wiped();
  }
}
