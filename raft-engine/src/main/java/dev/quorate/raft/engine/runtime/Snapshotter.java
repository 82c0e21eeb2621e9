package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.Metric;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSink;
import dev.quorate.raft.engine.core.StoredSnapshot;
import dev.quorate.raft.engine.message.SnapshotMetadata;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes captured states to the disk, which may take long and holds up nothing else. What goes
 * wrong costs the attempt only: the log is as it was.
 */
final class Snapshotter {

  private final SnapshotFiles files;
  private final Environment environment;
  private final RaftMetrics metrics;
  private final RateLimitedLog log;
  private final Listener listener;
  private final Mailbox mailbox;
  private volatile boolean stopping;

  /** Hears of what became of snapshots. */
  interface Listener {
    /** A snapshot is durable. */
    void onSnapshotTaken(StoredSnapshot snapshot);

    /** There is none; {@code forever} if the state machine has none at all. */
    void onSnapshotFailed(String reason, boolean forever);

    /** An error of the machine. */
    void onFault(Throwable cause);
  }

  Snapshotter(SnapshotFiles files, Host host, RaftMetrics metrics, Listener listener) {
    this.files = files;
    this.environment = host.environment();
    this.metrics = metrics;
    this.log = host.log();
    this.listener = listener;
    this.mailbox = new Mailbox(environment.background(), listener::onFault);
  }

  /** Writes a captured state, closes it, and only then tells, because another may be captured. */
  void write(CapturedState captured) {
    mailbox.post(
        () -> {
          long start = environment.nanoTime();
          StoredSnapshot snapshot;
          try (captured) {
            snapshot = store(captured);
          } catch (IOException | RuntimeException e) {
            if (!stopping) {
              log.warn(
                  "snapshot not taken",
                  "a snapshot could not be taken; it is tried again later",
                  e);
            }
            metrics.record(Metric.SNAPSHOTS_FAILED, 1);
            listener.onSnapshotFailed("the snapshot could not be written: " + e, false);
            return;
          }
          metrics.record(Metric.SNAPSHOT_LATENCY, environment.nanoTime() - start);
          metrics.record(Metric.SNAPSHOTS_TAKEN, 1);
          files.keep(snapshot.id());
          listener.onSnapshotTaken(snapshot);
        });
  }

  private StoredSnapshot store(CapturedState captured) throws IOException {
    SnapshotMetadata metadata = captured.metadata();
    try (SnapshotSink sink = new Stoppable(files.create(metadata.index(), metadata.term()))) {
      SnapshotContent.write(sink, metadata, captured.sections(), captured.state());
      return new StoredSnapshot(files.commit(sink), metadata);
    }
  }

  /** Gives up what is being written, and runs a task after everything asked for before. */
  void stop(Runnable stopped) {
    stopping = true;
    mailbox.post(stopped);
  }

  /** A node that closes does not wait for gigabytes. */
  private final class Stoppable implements SnapshotSink {

    private final SnapshotSink sink;

    private Stoppable(SnapshotSink sink) {
      this.sink = sink;
    }

    @Override
    public long position() {
      return sink.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (stopping) {
        throw new IOException("the node is closing");
      }
      sink.write(bytes);
    }

    @Override
    public SnapshotId commit() throws IOException {
      return sink.commit();
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }
}
