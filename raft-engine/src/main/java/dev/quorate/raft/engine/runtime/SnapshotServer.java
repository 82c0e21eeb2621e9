package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers other nodes that fetch snapshots of this one. A snapshot that is being read stays open,
 * so that it can be read to its end although it is deleted meanwhile, until nobody has asked for
 * long. Several stay open at a time: two nodes that fetch two snapshots must not take them away
 * from each other, again and again, so that neither comes to an end.
 */
final class SnapshotServer {

  /** What comes on top is dropped, and asked for again. */
  private static final int MAX_WAITING = 256;

  /** Each holds a file open, and its bytes on the disk if it was deleted. */
  private static final int MAX_OPEN = 8;

  private static final long IDLE_NANOS = 30_000_000_000L;

  private final SnapshotFiles files;
  private final Outbound outbound;
  private final int maxChunkBytes;
  private final Environment environment;
  private final RaftMetrics metrics;
  private final RateLimitedLog log;
  private final Listener listener;
  private final Mailbox mailbox;
  private final WakeUp wakeUp;
  private final AtomicInteger waiting = new AtomicInteger();

  /** Those that are being read, the one that was asked for longest ago first. */
  private final LinkedHashMap<SnapshotId, Open> open = new LinkedHashMap<>();

  private boolean stopped;

  /** Hears of snapshots that cannot be served. */
  interface Listener {
    /** A snapshot turned out to be damaged. */
    void onSnapshotDamaged(SnapshotId id);

    /** An error of the machine. */
    void onFault(Throwable cause);
  }

  private record Open(SnapshotSource source, long usedNanos) {}

  SnapshotServer(
      SnapshotFiles files,
      Outbound outbound,
      int maxChunkBytes,
      Environment environment,
      RaftMetrics metrics,
      RateLimitedLog log,
      Listener listener) {
    this.files = files;
    this.outbound = outbound;
    this.maxChunkBytes = maxChunkBytes;
    this.environment = environment;
    this.metrics = metrics;
    this.log = log;
    this.listener = listener;
    this.mailbox =
        new Mailbox(environment.background(), 1, () -> {}, this::closeIfIdle, listener::onFault);
    this.wakeUp = new WakeUp(environment, mailbox::post);
  }

  void onRequest(Peer from, SnapshotRequest request) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    mailbox.post(
        () -> {
          waiting.decrementAndGet();
          if (!stopped) {
            answer(from, request);
          }
        });
  }

  private void answer(Peer from, SnapshotRequest request) {
    ByteBuffer bytes = ByteBuffer.allocate(0);
    try {
      bytes = read(request);
    } catch (CorruptionException e) {
      close(request.id());
      files.onDamage(request.id(), e);
      listener.onSnapshotDamaged(request.id());
    } catch (IOException e) {
      log.warn("snapshot not read", "a snapshot that another node fetches cannot be read here", e);
      close(request.id());
    }
    metrics.record(Metric.SNAPSHOT_SERVED_BYTES, bytes.remaining());
    outbound.send(
        from.id(), from.incarnation(), new SnapshotChunk(request.id(), request.offset(), bytes));
  }

  /** The part that is asked for; nothing if the snapshot is not here, or known to be damaged. */
  private ByteBuffer read(SnapshotRequest request) throws IOException {
    SnapshotId id = request.id();
    Optional<SnapshotSource> source = source(id);
    if (source.isEmpty()) {
      return ByteBuffer.allocate(0);
    }
    long left = Math.max(0, id.length() - request.offset());
    int length = (int) Math.min(left, Math.min(request.length(), maxChunkBytes));
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (length > 0) {
      try {
        source.get().read(request.offset(), bytes);
      } catch (IOException e) {
        throw SnapshotFiles.damage(id, e);
      }
    }
    return bytes.flip();
  }

  private Optional<SnapshotSource> source(SnapshotId id) throws IOException {
    Open known = open.remove(id);
    if (known == null && !files.has(id)) {
      return Optional.empty();
    }
    SnapshotSource source = known == null ? files.open(id) : known.source;
    open.put(id, new Open(source, environment.nanoTime()));
    if (open.size() > MAX_OPEN) {
      close(open.keySet().iterator().next());
    }
    return Optional.of(source);
  }

  private void closeIfIdle() {
    long now = environment.nanoTime();
    open.entrySet().stream()
        .filter(at -> now - at.getValue().usedNanos >= IDLE_NANOS)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::close);
    open.values().stream()
        .findFirst()
        .ifPresent(oldest -> wakeUp.at(oldest.usedNanos + IDLE_NANOS, now));
  }

  private void close(SnapshotId id) {
    Open known = open.remove(id);
    try {
      if (known != null) {
        known.source.close();
      }
    } catch (IOException e) {
      log.warn("snapshot not closed", "closing a snapshot failed", e);
    }
  }

  /** Runs a task after everything that was asked for before, and answers nothing any more. */
  void stop(Runnable whenStopped) {
    mailbox.post(
        () -> {
          stopped = true;
          wakeUp.cancel();
          List.copyOf(open.keySet()).forEach(this::close);
          whenStopped.run();
        });
  }
}
