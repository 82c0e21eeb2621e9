package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one writer of a host's storage: writes all batches that wait, of whichever groups, forces
 * once, and reports. A failure is final and never tried again. A full disk is no failure: the batch
 * that had no room and all behind it wait, and are tried again (rule P5).
 */
final class LogWriter {

  private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
  private static final long RETRY_NANOS = 200_000_000;

  private final Storage storage;
  private final Environment environment;
  private final Mailbox mailbox;
  private final Deque<Pending> waiting = new ArrayDeque<>();
  private final SortedMap<String, Client> clients = new TreeMap<>();
  private boolean hadSpace = true;
  private boolean retrying;
  private boolean failed;

  /** A group whose batches are written. */
  interface Client {
    /** Its log. */
    GroupLog log();

    /** Its batches up to that sequence are durable. */
    void onPersisted(long sequence);

    /** Whether there is room for more changed. */
    void onSpace(boolean hasSpace);

    /** The storage is of no more use. */
    void onStorageFailed(String reason);
  }

  private record Pending(String group, WriteBatch batch) {}

  LogWriter(Storage storage, Environment environment) {
    this.storage = storage;
    this.environment = environment;
    this.mailbox = new Mailbox(environment.executor(), 1, () -> {}, this::writeAll, this::fail);
  }

  void add(String group, Client client) {
    mailbox.post(
        () -> {
          clients.put(group, client);
          if (!hadSpace) {
            client.onSpace(false);
          }
        });
  }

  void write(String group, WriteBatch batch) {
    mailbox.post(() -> waiting.add(new Pending(group, batch)));
  }

  /** Writes what was handed in before, and nothing after. */
  void stop(Runnable stopped) {
    mailbox.post(
        () -> {
          try {
            writeAll();
          } finally {
            failed = true;
            waiting.clear();
            stopped.run();
          }
        });
  }

  private void writeAll() {
    if (failed) {
      waiting.clear();
      return;
    }
    try {
      SortedMap<String, Long> written = new TreeMap<>();
      writeWhatFits(written);
      if (!written.isEmpty()) {
        storage.force();
        written.forEach((group, sequence) -> clients.get(group).onPersisted(sequence));
      }
      watchSpace();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void writeWhatFits(SortedMap<String, Long> written) throws IOException {
    while (!waiting.isEmpty()) {
      Pending next = waiting.peek();
      try {
        clients.get(next.group()).log().write(next.batch());
      } catch (NoSpaceException e) {
        LOG.log(Level.DEBUG, "no room for a batch yet", e);
        return;
      }
      written.put(next.group(), next.batch().sequence());
      waiting.remove();
    }
  }

  /** Space comes back without a word, so that as long as there is none it is asked for again. */
  private void watchSpace() {
    boolean hasSpace = waiting.isEmpty() && storage.hasSpace();
    if (hasSpace != hadSpace) {
      hadSpace = hasSpace;
      LOG.log(
          hasSpace ? Level.INFO : Level.WARNING,
          hasSpace
              ? "there is room on the disk again"
              : "the disk is full: no new commands until there is room, only what must go on");
      clients.values().forEach(client -> client.onSpace(hasSpace));
    }
    if (!hasSpace && !retrying) {
      retrying = true;
      environment.schedule(RETRY_NANOS, () -> mailbox.post(() -> retrying = false));
    }
  }

  private void fail(Throwable cause) {
    if (failed) {
      return;
    }
    failed = true;
    waiting.clear();
    LOG.log(Level.ERROR, "writing the log failed; this node degrades until it is restarted", cause);
    String reason = "writing the log failed: " + cause;
    clients.values().forEach(client -> client.onStorageFailed(reason));
  }
}
