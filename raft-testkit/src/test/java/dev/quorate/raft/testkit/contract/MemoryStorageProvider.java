package dev.quorate.raft.testkit.contract;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.GroupRemovedException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.testkit.internal.tests.LogModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A storage as a third party could write it from the Javadoc alone: it keeps everything in this
 * process, by the name of the directory.
 */
final class MemoryStorageProvider implements StorageProvider {

  private static final Map<Path, Disk> DISKS = new HashMap<>();

  /** Memory is not counted: there is always room for more. */
  private static final long RESERVE_BYTES = 1 << 20;

  /** What a directory stands for; {@code holder} is null while nobody has it open. */
  private static final class Disk {
    private final String owner;
    private final long incarnation;
    private final Map<String, LogModel> forced = new HashMap<>();
    private final Map<String, Map<SnapshotId, byte[]>> snapshots = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private String holder;

    Disk(String owner, long incarnation) {
      this.owner = owner;
      this.incarnation = incarnation;
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Storage open(StorageContext context) throws IOException {
    context.settings().requireKnown("raft.storage.memory.", List.of());
    String owner = context.node() + " of " + context.cluster();
    synchronized (DISKS) {
      Disk disk =
          DISKS.computeIfAbsent(
              key(context.directory()), absent -> new Disk(owner, context.newIncarnation()));
      if (disk.holder != null) {
        throw new IOException(context.directory() + " is in use by " + disk.holder);
      }
      if (!disk.owner.equals(owner)) {
        throw new IOException(context.directory() + " belongs to " + disk.owner);
      }
      disk.holder = context.holder();
      return new MemoryStorage(disk);
    }
  }

  /** Copies what is forced; whoever had it open is dead in the copy. */
  static void copy(Path from, Path to) {
    synchronized (DISKS) {
      Disk source = DISKS.get(key(from));
      Disk copy = new Disk(source.owner, source.incarnation);
      copy.forced.putAll(source.forced);
      copy.removed.addAll(source.removed);
      source.snapshots.forEach((group, all) -> copy.snapshots.put(group, new HashMap<>(all)));
      DISKS.put(key(to), copy);
    }
  }

  /** Forgets who has a directory open. */
  static void release(Path directory) {
    synchronized (DISKS) {
      Disk disk = DISKS.get(key(directory));
      if (disk != null) {
        disk.holder = null;
      }
    }
  }

  private static Path key(Path directory) {
    return directory.toAbsolutePath().normalize();
  }

  private static final class MemoryStorage implements Storage {
    private final Disk disk;
    private final Map<String, MemoryLog> logs = new HashMap<>();
    private boolean closed;

    MemoryStorage(Disk disk) {
      this.disk = disk;
    }

    @Override
    public long incarnation() {
      return disk.incarnation;
    }

    @Override
    public GroupLog openLog(String group) throws IOException {
      check(group.matches("[A-Za-z0-9._-]{1,64}"), "group " + group);
      checkOpen(closed);
      if (logs.containsKey(group)) {
        throw new IllegalStateException(group + " is open");
      }
      if (disk.removed.contains(group)) {
        throw new GroupRemovedException(group);
      }
      MemoryLog log = new MemoryLog(this, group);
      logs.put(group, log);
      return log;
    }

    @Override
    public SnapshotStore openSnapshots(String group) throws IOException {
      checkOpen(closed);
      if (!logs.containsKey(group)) {
        throw new IllegalStateException("the log of " + group + " is not open");
      }
      if (!logs.get(group).openSnapshots()) {
        throw new IllegalStateException("the snapshots of " + group + " are open");
      }
      return new MemorySnapshots(disk.snapshots.computeIfAbsent(group, absent -> new HashMap<>()));
    }

    @Override
    public boolean removeGroup(String group) throws IOException {
      check(group.matches("[A-Za-z0-9._-]{1,64}"), "group " + group);
      checkOpen(closed);
      if (logs.containsKey(group)) {
        throw new IllegalStateException(group + " is open");
      }
      disk.snapshots.remove(group);
      return disk.forced.remove(group) != null && disk.removed.add(group);
    }

    @Override
    public void force() throws IOException {
      checkOpen(closed);
      logs.values().forEach(MemoryLog::force);
    }

    @Override
    public boolean hasSpace() {
      return true;
    }

    @Override
    public long reserveBytes() {
      return RESERVE_BYTES;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        for (MemoryLog log : List.copyOf(logs.values())) {
          log.close();
        }
        closed = true;
        disk.holder = null;
      }
    }
  }

  private static final class MemoryLog implements GroupLog {
    private final MemoryStorage storage;
    private final String group;
    private final RecoveredLog recovered;
    private volatile LogModel content;
    private volatile boolean closed;
    private boolean snapshotsOpen;
    private long sequence;

    MemoryLog(MemoryStorage storage, String group) {
      this.storage = storage;
      this.group = group;
      this.content = storage.disk.forced.getOrDefault(group, LogModel.EMPTY);
      this.recovered = content.recovered();
    }

    @Override
    public RecoveredLog recovered() {
      return recovered;
    }

    @Override
    public void write(WriteBatch batch) throws IOException {
      checkOpen(closed);
      check(batch.sequence() == sequence + 1, "sequence " + batch.sequence());
      LogModel after = content;
      for (WriteRecord record : batch.records()) {
        checkFollows(after, record);
        after = after.after(new WriteBatch(1, List.of(record)));
      }
      content = after;
      sequence++;
    }

    private static void checkFollows(LogModel log, WriteRecord record) {
      if (record instanceof WriteRecord.Truncate truncate) {
        check(
            truncate.fromIndex() > log.baseIndex() && truncate.fromIndex() <= log.lastIndex() + 1,
            "truncation");
      } else if (record instanceof WriteRecord.Append append) {
        long last = log.lastIndex();
        for (LogEntry entry : append.entries()) {
          check(entry.index() == ++last, "entry " + entry);
        }
      } else if (record instanceof WriteRecord.Compact compact) {
        check(
            compact.throughIndex() < log.baseIndex()
                || log.has(compact.throughIndex(), compact.throughTerm()),
            "compaction");
      } else if (record instanceof WriteRecord.InstallSnapshot install) {
        check(install.snapshot().index() >= log.baseIndex(), "install");
      }
    }

    @Override
    public List<LogEntry> read(long from, long to, long maxBytes) throws IOException {
      checkOpen(closed);
      check(to > from, "range");
      LogModel log = content;
      List<LogEntry> found = new ArrayList<>();
      long sum = 0;
      for (long i = from; i > log.baseIndex() && i < to && i <= log.lastIndex(); i++) {
        LogEntry entry = log.entries().get((int) (i - log.baseIndex()) - 1);
        found.add(entry);
        sum += entry.encodedLength();
        if (sum >= maxBytes) {
          break;
        }
      }
      return found;
    }

    /** Whether they were not open yet. */
    boolean openSnapshots() {
      boolean first = !snapshotsOpen;
      snapshotsOpen = true;
      return first;
    }

    void force() {
      storage.disk.forced.put(group, content);
    }

    @Override
    public void close() {
      if (!closed) {
        force();
        closed = true;
        storage.logs.remove(group);
      }
    }
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalArgumentException(what);
    }
  }

  private static void checkOpen(boolean closed) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
  }
}
