package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.UnreadableException;
import dev.quorate.raft.engine.core.StoredSnapshot;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A group's snapshots on this node: which counts, and which are kept. For any thread. */
final class SnapshotFiles {

  private static final System.Logger LOG = System.getLogger(SnapshotFiles.class.getName());

  private static final int PIECE_BYTES = 64 << 10;

  private final SnapshotStore store;
  private final long boot;
  private final int kept;
  private final RateLimitedLog log;
  private final Set<SnapshotId> damaged = ConcurrentHashMap.newKeySet();

  /** What the disk did not give back while the newest was sought. */
  private final List<String> unreadable = new ArrayList<>();

  /**
   * The snapshots of a group.
   *
   * @param boot this run of the process
   * @param kept how many are kept
   * @param log where trouble that may come again is told
   */
  SnapshotFiles(SnapshotStore store, long boot, int kept, RateLimitedLog log) {
    this.store = store;
    this.boot = boot;
    this.kept = kept;
    this.log = log;
  }

  /**
   * The newest snapshot that goes with a log, which then is committed up to there: the log decides
   * (rule P6). A snapshot that was fetched, and not installed before the process ended, may be
   * beyond its end. One whose place an older one can take, or the log alone, is read whole before
   * it counts: when its damage shows while the state machine is restored, it is too late for that.
   */
  Optional<StoredSnapshot> newestFor(RecoveredLog log) throws IOException {
    List<SnapshotId> fitting = store.list().stream().filter(id -> fits(id, log)).toList();
    for (SnapshotId id : fitting) {
      boolean isLast = id.equals(fitting.get(fitting.size() - 1));
      try {
        StoredSnapshot found = read(id);
        if (!isLast || log.baseIndex() == 0) {
          readThrough(id);
        }
        return Optional.of(found);
      } catch (IOException e) {
        LOG.log(
            Level.ERROR,
            "a snapshot is of no use, an older one is sought; it is kept",
            damage(id, e));
        damaged.add(id);
        if (e instanceof UnreadableException) {
          unreadable.add(e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  /** What could not be read when the snapshots were opened and the newest was sought. */
  List<String> unreadable() {
    List<String> all = new ArrayList<>(store.unreadable());
    all.addAll(unreadable);
    return all;
  }

  private static boolean fits(SnapshotId id, RecoveredLog log) {
    return id.index() >= log.baseIndex()
        && id.index() <= log.lastIndex()
        && termAt(log, id.index()) == id.term();
  }

  /** Reads all of a snapshot, which checks all of it. */
  private void readThrough(SnapshotId id) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    try (SnapshotSource source = store.open(id)) {
      for (long at = 0; at < id.length(); at += piece.position()) {
        if (source.read(at, piece.clear()) <= 0) {
          throw new CorruptionException(id + " ends at " + at);
        }
      }
    }
  }

  private static long termAt(RecoveredLog log, long index) {
    long term = log.baseTerm();
    for (RecoveredLog.TermStart start : log.terms()) {
      if (start.firstIndex() <= index) {
        term = start.term();
      }
    }
    return term;
  }

  /** A snapshot with its metadata. */
  StoredSnapshot read(SnapshotId id) throws IOException {
    try (SnapshotSource source = store.open(id)) {
      return new StoredSnapshot(id, SnapshotContent.metadata(source));
    }
  }

  SnapshotSource open(SnapshotId id) throws IOException {
    return store.open(id);
  }

  /** Begins a snapshot of this node. */
  SnapshotSink create(long index, long term) throws IOException {
    return store.create(boot, index, term);
  }

  /** Makes a snapshot count; under its id there is a sound one now, whatever there was before. */
  SnapshotId commit(SnapshotSink sink) throws IOException {
    SnapshotId id = sink.commit();
    damaged.remove(id);
    return id;
  }

  /** Whether a snapshot is here as a whole, as far as known. */
  boolean has(SnapshotId id) throws IOException {
    return store.list().contains(id) && !damaged.contains(id);
  }

  /** A snapshot turned out to be damaged: nobody gets it any more. */
  void onDamage(SnapshotId id, CorruptionException damage) {
    if (damaged.add(id)) {
      LOG.log(
          Level.ERROR,
          "a snapshot is damaged and not given to other nodes any more; if it is the newest,"
              + " another one is taken in its place",
          damage);
    }
  }

  /** What cannot be read is as good as damaged. */
  static CorruptionException damage(SnapshotId id, IOException cause) {
    return cause instanceof CorruptionException damage
        ? damage
        : new CorruptionException(id + " cannot be read: " + cause.getMessage(), cause);
  }

  /** Begins, or goes on with, a copy of another node's snapshot. */
  SnapshotSink receive(SnapshotId id) throws IOException {
    return store.receive(id);
  }

  /**
   * Deletes what is older than the snapshot that counts, except the newest of them. Those that are
   * newer do not count yet, and may soon; those that were found to be damaged take no other's place
   * and are kept for whoever wants to look into them.
   */
  void keep(SnapshotId newest) {
    try {
      List<SnapshotId> older =
          store.list().stream()
              .filter(id -> id.index() <= newest.index() && !id.equals(newest))
              .filter(id -> !damaged.contains(id))
              .toList();
      for (SnapshotId id : older.subList(Math.min(kept - 1, older.size()), older.size())) {
        store.delete(id);
      }
    } catch (IOException e) {
      log.warn(
          "snapshot not deleted", "an old snapshot cannot be deleted; it is tried again later", e);
    }
  }
}
