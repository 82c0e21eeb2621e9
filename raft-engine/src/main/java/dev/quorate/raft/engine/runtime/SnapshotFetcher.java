package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.engine.core.StoredSnapshot;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.util.Optional;

/**
 * Fetches a snapshot of another node, part by part and straight to the disk, no faster than is
 * allowed. It asks for a few parts ahead and takes them in order; what does not come is asked for
 * again. A copy that was left is gone on with only if it is of the same snapshot (rule P13).
 */
final class SnapshotFetcher {

  /** How many parts are asked for ahead. */
  private static final int WINDOW = 4;

  private static final long RETRY_NANOS = 1_000_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final SnapshotFiles files;
  private final Outbound outbound;
  private final int chunkBytes;
  private final long bytesPerSecond;
  private final Environment environment;
  private final RaftMetrics metrics;
  private final RateLimitedLog log;
  private final Listener listener;
  private final Mailbox mailbox;
  private final WakeUp wakeUp;
  private Optional<Copy> copy = Optional.empty();
  private long notBeforeNanos;
  private boolean stopped;

  /** Hears of what becomes of a fetch. */
  interface Listener {
    /** So many bytes are there. */
    void onFetchProgress(SnapshotId id, long receivedBytes);

    /** The snapshot is here, durable and whole. */
    void onSnapshotFetched(StoredSnapshot snapshot);

    /** It is not, and will not be unless it is asked for again. */
    void onFetchFailed(SnapshotId id);

    /** An error of the machine. */
    void onFault(Throwable cause);
  }

  /** A snapshot of which a part is here. */
  private static final class Copy {
    private final SnapshotId id;
    private final SnapshotSink sink;
    private Holder holder;
    private long askedUpTo;
    private long heardNanos;

    private Copy(SnapshotId id, SnapshotSink sink, Holder holder, long nowNanos) {
      this.id = id;
      this.sink = sink;
      this.holder = holder;
      this.askedUpTo = sink.position();
      this.heardNanos = nowNanos;
    }
  }

  /**
   * A fetcher.
   *
   * @param maxChunkBytes the longest part that fits into a message
   * @param bytesPerSecond how fast it asks
   */
  SnapshotFetcher(
      SnapshotFiles files,
      Outbound outbound,
      int maxChunkBytes,
      long bytesPerSecond,
      Host host,
      RaftMetrics metrics,
      Listener listener) {
    this.files = files;
    this.outbound = outbound;
    this.bytesPerSecond = bytesPerSecond;
    // Several a second, however slow it is to be: whoever waits for progress must see some.
    this.chunkBytes = (int) Math.min(maxChunkBytes, Math.max(1, bytesPerSecond / 8));
    this.environment = host.environment();
    this.metrics = metrics;
    this.log = host.log();
    this.listener = listener;
    this.mailbox = new Mailbox(environment.background(), 1, () -> {}, this::ask, listener::onFault);
    this.wakeUp = new WakeUp(environment, mailbox::post);
    this.notBeforeNanos = environment.nanoTime();
  }

  /** Fetches a snapshot, in place of any other. */
  void fetch(SnapshotId id, Holder holder) {
    mailbox.post(
        () -> {
          if (stopped) {
            return;
          }
          try {
            begin(id, holder);
          } catch (IOException e) {
            fail(id, e);
          }
        });
  }

  /** Fetches nothing any more. */
  void stopFetch() {
    mailbox.post(this::leave);
  }

  void onChunk(Peer from, SnapshotChunk chunk) {
    mailbox.post(
        () -> {
          if (copy.filter(running -> isMeantFor(running, from, chunk)).isPresent()) {
            try {
              take(copy.get(), chunk);
            } catch (IOException e) {
              fail(chunk.id(), e);
            }
          }
        });
  }

  private static boolean isMeantFor(Copy copy, Peer from, SnapshotChunk chunk) {
    return copy.id.equals(chunk.id()) && copy.holder.id().equals(from.id());
  }

  private void begin(SnapshotId id, Holder holder) throws IOException {
    if (copy.filter(running -> running.id.equals(id)).isPresent()) {
      copy.get().holder = holder;
      copy.get().askedUpTo = copy.get().sink.position();
      return;
    }
    leave();
    if (files.has(id)) {
      listener.onSnapshotFetched(files.read(id));
      return;
    }
    copy = Optional.of(new Copy(id, files.receive(id), holder, environment.nanoTime()));
    measure(id.length(), copy.get().sink.position());
  }

  private void take(Copy running, SnapshotChunk chunk) throws IOException {
    if (!chunk.bytes().hasRemaining()) {
      throw new IOException(running.holder.id() + " does not have " + running.id + " any more");
    }
    if (chunk.offset() != running.sink.position()) {
      return; // A late one, or one behind one that was lost.
    }
    running.sink.write(chunk.bytes());
    running.heardNanos = environment.nanoTime();
    measure(running.id.length(), running.sink.position());
    listener.onFetchProgress(running.id, running.sink.position());
    if (running.sink.position() == running.id.length()) {
      files.commit(running.sink);
      leave();
      metrics.record(Metric.SNAPSHOTS_FETCHED, 1);
      listener.onSnapshotFetched(files.read(running.id));
    }
  }

  private void measure(long length, long fetched) {
    metrics.record(Metric.SNAPSHOT_LENGTH_BYTES, length);
    metrics.record(Metric.SNAPSHOT_FETCHED_BYTES, fetched);
  }

  /** After each turn: asks for what may be asked for, and for what was asked in vain. */
  private void ask() {
    if (copy.isEmpty()) {
      wakeUp.cancel();
      return;
    }
    Copy running = copy.get();
    long now = environment.nanoTime();
    if (now - running.heardNanos >= RETRY_NANOS) {
      running.heardNanos = now;
      running.askedUpTo = running.sink.position();
    }
    long ahead = running.sink.position() + (long) WINDOW * chunkBytes;
    while (running.askedUpTo < Math.min(ahead, running.id.length()) && now >= notBeforeNanos) {
      int length = (int) Math.min(chunkBytes, running.id.length() - running.askedUpTo);
      outbound.send(
          running.holder.id(),
          running.holder.incarnation(),
          new SnapshotRequest(running.id, running.askedUpTo, length));
      running.askedUpTo += length;
      notBeforeNanos = now + (long) ((double) length * NANOS_PER_SECOND / bytesPerSecond);
    }
    boolean waitsForLeave = running.askedUpTo < Math.min(ahead, running.id.length());
    long retry = running.heardNanos + RETRY_NANOS;
    wakeUp.at(waitsForLeave ? Math.min(notBeforeNanos, retry) : retry, now);
  }

  private void fail(SnapshotId id, IOException cause) {
    log.warn("fetch failed", "fetching " + id + " failed; it is tried again later", cause);
    leave();
    listener.onFetchFailed(id);
  }

  /** Ends the fetch; what is there of it may be gone on with. */
  private void leave() {
    try {
      if (copy.isPresent()) {
        measure(0, 0);
        copy.get().sink.close();
      }
    } catch (IOException e) {
      log.warn("fetch left", "a part of a snapshot is lost", e);
    } finally {
      copy = Optional.empty();
    }
  }

  /** Ends the fetch and runs a task. */
  void stop(Runnable whenStopped) {
    mailbox.post(
        () -> {
          stopped = true;
          leave();
          whenStopped.run();
        });
  }
}
