package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one writer of a host's storage: writes all batches that wait, of whichever groups, forces
 * once, and reports. A failure is final and never tried again.
 *
 * <p>A full disk is no failure (rule P5). The storage keeps a reserve for what is on its way when
 * space ends, so that normally every batch is written and commands stop coming. If the reserve is
 * used up too, the batch that had no room and all behind it in its group wait, because a group's
 * order is its promise, and are tried again; other groups go on.
 */
final class LogWriter {

  private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
  private static final long RETRY_NANOS = 200_000_000;

  private final Storage storage;
  private final Environment environment;
  private final RaftMetrics metrics;
  private final RateLimitedLog limited;
  private final Mailbox mailbox;
  private final SortedMap<String, Group> groups = new TreeMap<>();

  /** Those of the groups that have batches which are not durable. */
  private final SortedMap<String, Group> busy = new TreeMap<>();

  /** Those of the groups that were not told yet whether there is space. */
  private final SortedMap<String, Group> newcomers = new TreeMap<>();

  /** Whoever uses the storage otherwise than in a turn holds it; fair, so that neither starves. */
  private final ReentrantLock between = new ReentrantLock(true);

  private boolean hadSpace = true;
  private boolean retrying;
  private boolean stopped;

  /** What the storage failed with, if it did: in a turn, or while something of it was opened. */
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** Something that uses the storage. */
  interface StorageUse<T> {
    T run() throws IOException;
  }

  /** A group whose batches are written. */
  interface Client {
    /** Its log. */
    GroupLog log();

    /** Its batches up to that sequence are durable. */
    void onPersisted(long sequence);

    /**
     * Whether there is room for more: once in the beginning, and then when it changes. That there
     * is none comes before the word that anything is durable which was written since there was;
     * until then no room for other commands is seen in the storage's reserve.
     */
    void onSpace(boolean hasSpace);

    /**
     * The storage is of no more use, which is the client's to say.
     *
     * @param cause what was thrown; null if it was given to another client, so that the log of a
     *     host with many groups has it once
     */
    void onStorageFailed(String reason, Throwable cause);
  }

  private static final class Group {
    private final Client client;
    private final Deque<WriteBatch> waiting = new ArrayDeque<>();
    private long written;
    private long durable;
    private long unforcedBytes;

    private Group(Client client) {
      this.client = client;
    }

    /** Writes what there is room for; tells whether that was anything. */
    private boolean write() throws IOException {
      while (!waiting.isEmpty()) {
        try {
          client.log().write(waiting.peek());
        } catch (NoSpaceException e) {
          LOG.log(Level.DEBUG, "no room for a batch yet", e);
          break;
        }
        unforcedBytes += bytes(waiting.peek());
        written = waiting.remove().sequence();
      }
      return written > durable;
    }

    private void tellDurable() {
      if (written > durable) {
        durable = written;
        client.onPersisted(durable);
      }
    }
  }

  LogWriter(Storage storage, Environment environment, RaftMetrics metrics, RateLimitedLog limited) {
    this.storage = storage;
    this.environment = environment;
    this.metrics = metrics;
    this.limited = limited;
    this.mailbox = new Mailbox(environment.executor(), 1, () -> {}, this::writeAll, this::fail);
  }

  void add(String group, Client client) {
    mailbox.post(
        () -> {
          Group added = new Group(client);
          groups.put(group, added);
          newcomers.put(group, added);
          if (failure.get() != null) {
            client.onStorageFailed("writing the log failed before: " + failure.get(), null);
          }
        });
  }

  void write(String group, WriteBatch batch) {
    mailbox.post(
        () -> {
          Group target = groups.get(group);
          target.waiting.add(batch);
          busy.put(group, target);
        });
  }

  /** Writes what was handed in before for a group, forgets the group, and then tells. */
  void remove(String group, Runnable removed) {
    mailbox.post(
        () -> {
          try {
            writeAll();
          } finally {
            groups.remove(group);
            busy.remove(group);
            newcomers.remove(group);
            removed.run();
          }
        });
  }

  /**
   * Uses the storage between two turns, so that its calls are one at a time. For any thread; waits
   * for a write or a force that is under way.
   */
  <T> T between(StorageUse<T> use) throws IOException {
    between.lock();
    try {
      return use.run();
    } finally {
      between.unlock();
    }
  }

  /** Writes what was handed in before, and nothing after. */
  void stop(Runnable whenStopped) {
    mailbox.post(
        () -> {
          try {
            writeAll();
          } finally {
            stopped = true;
            forget();
            whenStopped.run();
          }
        });
  }

  private void writeAll() {
    if (stopped || failure.get() != null) {
      forget();
      return;
    }
    between.lock();
    try {
      boolean anyWritten = false;
      for (Group group : busy.values()) {
        anyWritten |= group.write();
      }
      if (anyWritten) {
        force();
      }
      watchSpace();
      busy.values().forEach(Group::tellDurable);
      busy.values().removeIf(group -> group.waiting.isEmpty());
    } catch (IOException e) {
      fail(e);
    } finally {
      between.unlock();
    }
  }

  private void force() throws IOException {
    long start = environment.nanoTime();
    storage.force();
    metrics.record(Metric.FORCE_LATENCY, environment.nanoTime() - start);
    long batches = 0;
    long bytes = 0;
    for (Group group : busy.values()) {
      batches += group.written - group.durable;
      bytes += group.unforcedBytes;
      group.unforcedBytes = 0;
    }
    metrics.record(Metric.FORCE_BATCHES, batches);
    metrics.record(Metric.FORCE_BYTES, bytes);
  }

  private static long bytes(WriteBatch batch) {
    long bytes = 0;
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.Append append) {
        for (LogEntry entry : append.entries()) {
          bytes += entry.encodedLength();
        }
      }
    }
    return bytes;
  }

  private void forget() {
    busy.values().forEach(group -> group.waiting.clear());
    busy.clear();
  }

  /** Space comes back without a word, so that as long as there is none it is asked for again. */
  private void watchSpace() {
    boolean hasSpace =
        busy.values().stream().allMatch(group -> group.waiting.isEmpty()) && storage.hasSpace();
    if (hasSpace != hadSpace) {
      hadSpace = hasSpace;
      newcomers.putAll(groups);
      limited.warn(
          hasSpace ? "room again" : "disk full",
          hasSpace
              ? "there is room on the disk again"
              : "the disk is full: no new commands until there is room, only what must go on");
    }
    newcomers.values().forEach(group -> group.client.onSpace(hasSpace));
    newcomers.clear();
    if (!hasSpace && !retrying) {
      retrying = true;
      environment.schedule(RETRY_NANOS, () -> mailbox.post(() -> retrying = false));
    }
  }

  private void fail(Throwable cause) {
    if (stopped || !failure.compareAndSet(null, cause)) {
      return;
    }
    int others = groups.size() - 1;
    String whose = others < 1 ? "" : ", of this and " + others + " more groups of the host";
    giveUp("writing the log failed" + whose + ": " + cause, cause);
  }

  /**
   * The storage failed while something of it was opened: it is not used any more, and all groups
   * are told.
   *
   * @return whether that is news, so that what was thrown is the caller's to tell
   */
  boolean failed(StorageFailedException cause) {
    boolean isNews = failure.compareAndSet(null, cause);
    if (isNews) {
      mailbox.post(
          () -> giveUp("the disk failed while a log was opened: " + cause.getMessage(), null));
    }
    return isNews;
  }

  private void giveUp(String reason, Throwable cause) {
    forget();
    Throwable untold = cause;
    for (Group group : groups.values()) {
      group.client.onStorageFailed(reason, untold);
      untold = null;
    }
  }
}
