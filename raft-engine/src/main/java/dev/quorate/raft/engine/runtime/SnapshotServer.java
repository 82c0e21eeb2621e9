package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Peer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers other nodes that fetch a snapshot of this one. A snapshot that is being read stays open,
 * so that it can be read to its end although it is deleted meanwhile, until nobody has asked for
 * long.
 */
final class SnapshotServer {

  private static final System.Logger LOG = System.getLogger(SnapshotServer.class.getName());

  /** What comes on top is dropped, and asked for again. */
  private static final int MAX_WAITING = 256;

  private static final long IDLE_NANOS = 30_000_000_000L;

  private final SnapshotFiles files;
  private final Outbound outbound;
  private final int maxChunkBytes;
  private final Environment environment;
  private final Mailbox mailbox;
  private final WakeUp wakeUp;
  private final AtomicInteger waiting = new AtomicInteger();
  private Optional<SnapshotSource> open = Optional.empty();
  private long usedNanos;
  private boolean stopped;

  SnapshotServer(
      SnapshotFiles files,
      Outbound outbound,
      int maxChunkBytes,
      Environment environment,
      SnapshotFetcher.Listener listener) {
    this.files = files;
    this.outbound = outbound;
    this.maxChunkBytes = maxChunkBytes;
    this.environment = environment;
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
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a snapshot that another node fetches cannot be read here", e);
      close();
    }
    outbound.send(
        from.id(), from.incarnation(), new SnapshotChunk(request.id(), request.offset(), bytes));
  }

  /** The part that is asked for; nothing if the snapshot is not here. */
  private ByteBuffer read(SnapshotRequest request) throws IOException {
    SnapshotId id = request.id();
    if (open.filter(source -> source.id().equals(id)).isEmpty()) {
      close();
      if (!files.has(id)) {
        return ByteBuffer.allocate(0);
      }
      open = Optional.of(files.open(id));
    }
    usedNanos = environment.nanoTime();
    long left = Math.max(0, id.length() - request.offset());
    int length = (int) Math.min(left, Math.min(request.length(), maxChunkBytes));
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (length > 0) {
      open.get().read(request.offset(), bytes);
    }
    return bytes.flip();
  }

  private void closeIfIdle() {
    long now = environment.nanoTime();
    if (open.isPresent() && now - usedNanos >= IDLE_NANOS) {
      close();
    } else if (open.isPresent()) {
      wakeUp.at(usedNanos + IDLE_NANOS, now);
    }
  }

  private void close() {
    try {
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing a snapshot failed", e);
    } finally {
      open = Optional.empty();
    }
  }

  /** Runs a task after everything that was asked for before, and answers nothing any more. */
  void stop(Runnable whenStopped) {
    mailbox.post(
        () -> {
          stopped = true;
          wakeUp.cancel();
          close();
          whenStopped.run();
        });
  }
}
