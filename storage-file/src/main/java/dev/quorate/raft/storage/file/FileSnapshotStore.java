package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One group's snapshots, a file each. What fails here once they are open is told to the caller and
 * is none of the log's business; nothing here takes the storage's lock.
 */
final class FileSnapshotStore implements SnapshotStore {

  private static final System.Logger LOG =
      System.getLogger(FileSnapshotStore.class.getPackageName());

  static final String COMPLETE = ".snap";
  static final String DAMAGED = ".damaged";

  private static final Comparator<SnapshotId> NEWEST_FIRST =
      Comparator.comparingLong(SnapshotId::index)
          .thenComparingLong(SnapshotId::term)
          .thenComparingLong(SnapshotId::boot)
          .thenComparingLong(SnapshotId::hash)
          .reversed();

  private final Object monitor = new Object();
  private final GroupFiles files;
  private final long incarnation;
  private volatile List<SnapshotId> complete = List.of();
  private Optional<Left> left = Optional.empty();

  /** What could not be read when the store was opened, by the file's name: why. */
  private final NavigableMap<String, String> unreadable = new TreeMap<>();

  private int begun;
  private boolean closed;

  /** A copy that was begun and can be gone on with. */
  private record Left(SnapshotId id, SnapshotWriter writer) {}

  private FileSnapshotStore(GroupFiles files, long incarnation) {
    this.files = files;
    this.incarnation = incarnation;
  }

  /**
   * Removes what was left unfinished and looks at the beginning and the end of each snapshot. A
   * directory without any is made anew with the first one: its maker may have been killed before it
   * forced the name, and if a force of its successor failed, a further one would say yes and leave
   * the name in the cache only.
   */
  static FileSnapshotStore open(GroupFiles files, long incarnation, StorageHealth health)
      throws IOException {
    FileSnapshotStore store = new FileSnapshotStore(files, incarnation);
    if (DurableNames.exists(files.snapshots())) {
      // A process that was killed may have left names in the cache only.
      health.mustWhenOpening(() -> DurableNames.force(files.snapshots()));
      for (String name : DurableNames.list(files.snapshots())) {
        store.adopt(name, health);
      }
      if (DurableNames.list(files.snapshots()).isEmpty()) {
        health.mustWhenOpening(() -> Files.delete(files.snapshots()));
      }
    }
    return store;
  }

  private void adopt(String name, StorageHealth health) throws IOException {
    Path file = files.snapshots().resolve(name);
    if (name.endsWith(GroupFiles.UNFINISHED)) {
      health.mustWhenOpening(() -> Files.deleteIfExists(file));
    } else if (name.endsWith(COMPLETE)) {
      try (FileSnapshotSource source = open(file, files, incarnation)) {
        add(source.id());
      } catch (CorruptionException e) {
        health.mustWhenOpening(() -> setAside(file, e));
      } catch (UnreadableException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a snapshot does not count until the next start, when it is looked at again: {0}",
            e.getMessage());
        unreadable.put(name, e.getMessage());
      }
    }
  }

  /** Opens the file of a snapshot, which must have the name that belongs to its content. */
  static FileSnapshotSource open(Path file, GroupFiles files, long incarnation) throws IOException {
    FileSnapshotSource source = FileSnapshotSource.open(file, files.group(), incarnation);
    if (!file.equals(file(files, source.id()))) {
      source.close();
      throw Damage.inSnapshot(file, 0, "this is the file of " + source.id());
    }
    return source;
  }

  private FileSnapshotSource source(Path file) throws IOException {
    return FileSnapshotSource.open(file, files.group(), incarnation);
  }

  /** Keeps a damaged file for whoever wants to look into it, under a name that does not count. */
  private void setAside(Path file, CorruptionException damage) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
    LOG.log(
        System.Logger.Level.ERROR,
        "a snapshot is damaged and does not count any more; it is kept as {0}: {1}",
        aside,
        damage.getMessage());
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    DurableNames.force(files.snapshots());
  }

  /** A snapshot's file; what is not in its name is in the file, and checked. */
  private Path file(SnapshotId id) {
    return file(files, id);
  }

  private static Path file(GroupFiles files, SnapshotId id) {
    return files.snapshots().resolve(name(id));
  }

  /** Names sort as snapshots do: by their index. */
  private static String name(SnapshotId id) {
    return String.format(
        Locale.ROOT, "%019d-%016x-%016x%s", id.index(), id.boot(), id.hash(), COMPLETE);
  }

  private void add(SnapshotId id) {
    synchronized (monitor) {
      List<SnapshotId> all = new ArrayList<>(complete);
      all.add(id);
      all.sort(NEWEST_FIRST);
      complete = List.copyOf(all);
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the storage of " + files.directory() + " is closed");
    }
  }

  @Override
  public List<SnapshotId> list() {
    return complete;
  }

  @Override
  public List<String> unreadable() {
    synchronized (monitor) {
      return List.copyOf(unreadable.values());
    }
  }

  @Override
  public SnapshotSink create(long boot, long index, long term) throws IOException {
    synchronized (monitor) {
      checkOpen();
      SnapshotHeader header = new SnapshotHeader(files.group(), incarnation, boot, index, term);
      return new FileSnapshotSink(this, header, Optional.empty(), begin(header, 0));
    }
  }

  @Override
  public SnapshotSink receive(SnapshotId id) throws IOException {
    synchronized (monitor) {
      checkOpen();
      SnapshotHeader header =
          new SnapshotHeader(files.group(), incarnation, id.boot(), id.index(), id.term());
      Optional<Left> begunBefore = left;
      left = Optional.empty();
      SnapshotWriter writer;
      if (begunBefore.isPresent() && begunBefore.get().id.equals(id)) {
        writer = begunBefore.get().writer;
        writer.resume();
      } else {
        if (begunBefore.isPresent()) {
          begunBefore.get().writer.discard();
        }
        writer = begin(header, id.length());
      }
      return new FileSnapshotSink(this, header, Optional.of(id), writer);
    }
  }

  private SnapshotWriter begin(SnapshotHeader header, long bytes) throws IOException {
    if (!DurableNames.exists(files.snapshots())) {
      DurableNames.createDirectory(files.directory(), files.snapshots());
    }
    try {
      FreeSpace.require(files.snapshots(), header.length() + bytes);
    } catch (IOException e) {
      throw new NoSpaceException(
          "no room for a snapshot in " + files.snapshots() + ": " + e.getMessage(), e);
    }
    begun++;
    return SnapshotWriter.begin(
        files.snapshots().resolve("snapshot-" + begun + GroupFiles.UNFINISHED), header);
  }

  /** Keeps a copy that was begun, until it is gone on with or another one is begun. */
  void leave(SnapshotId id, SnapshotWriter writer) throws IOException {
    synchronized (monitor) {
      Optional<Left> before = left;
      left = Optional.of(new Left(id, writer));
      if (before.isPresent()) {
        before.get().writer.discard();
      }
    }
  }

  /** Gives a file, whose content is forced, the name under which it counts. */
  void publish(Path file, SnapshotId id) throws IOException {
    synchronized (monitor) {
      checkOpen();
      if (complete.contains(id)) {
        // Equal ids mean equal content, but what is there under that name may have rotted.
        DurableNames.replace(file, file(id), files.snapshots());
        return;
      }
      DurableNames.publish(file, file(id), files.snapshots());
      unreadable.remove(name(id));
      add(id);
    }
  }

  @Override
  public SnapshotSource open(SnapshotId id) throws IOException {
    synchronized (monitor) {
      checkOpen();
      if (!complete.contains(id)) {
        throw new NoSuchFileException(file(id).toString());
      }
      FileSnapshotSource source = source(file(id));
      if (!source.id().equals(id)) {
        source.close();
        throw Damage.inSnapshot(file(id), 0, "this is " + source.id() + " and not " + id);
      }
      return source;
    }
  }

  @Override
  public void delete(SnapshotId id) throws IOException {
    synchronized (monitor) {
      checkOpen();
      if (complete.contains(id)) {
        Files.deleteIfExists(file(id));
        deleteUnreadableBefore(name(id));
        complete = complete.stream().filter(other -> !other.equals(id)).toList();
        DurableNames.force(files.snapshots());
      }
    }
  }

  /** Where one is too many, an older one that could not even be read is, too. */
  private void deleteUnreadableBefore(String name) throws IOException {
    for (String older : unreadable.headMap(name).keySet()) {
      Files.deleteIfExists(files.snapshots().resolve(older));
    }
    unreadable.headMap(name).clear();
  }

  /** Ends with the storage: from now on the directory may be another process's. */
  void close() {
    synchronized (monitor) {
      closed = true;
    }
  }
}
