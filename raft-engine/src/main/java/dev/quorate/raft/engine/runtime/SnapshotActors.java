package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.message.Message.SnapshotChunk;
import dev.quorate.raft.engine.message.Message.SnapshotRequest;
import dev.quorate.raft.engine.message.Message.SnapshotTransfer;
import dev.quorate.raft.engine.message.Peer;

/** The actors that move snapshots: one writes, one fetches, one answers those who fetch. */
final class SnapshotActors {

  /** The longest part of a snapshot in one message. */
  private static final int MAX_CHUNK_BYTES = 256 << 10;

  private final Snapshotter snapshotter;
  private final SnapshotFetcher fetcher;
  private final SnapshotServer server;

  /** Hears of all that becomes of snapshots. */
  interface Listener
      extends Snapshotter.Listener, SnapshotFetcher.Listener, SnapshotServer.Listener {
    @Override
    void onFault(Throwable cause);
  }

  SnapshotActors(
      SnapshotFiles files,
      Outbound outbound,
      EngineSettings settings,
      Host host,
      RaftMetrics metrics,
      Listener listener) {
    // What fits as a result fits as a part.
    int chunkBytes = Math.min(MAX_CHUNK_BYTES, settings.maxResultBytes());
    this.snapshotter = new Snapshotter(files, host, metrics, listener);
    this.fetcher =
        new SnapshotFetcher(
            files,
            outbound,
            chunkBytes,
            settings.snapshots().maxBytesPerSecond(),
            host,
            metrics,
            listener);
    this.server =
        new SnapshotServer(
            files, outbound, chunkBytes, host.environment(), metrics, host.log(), listener);
  }

  Snapshotter snapshotter() {
    return snapshotter;
  }

  /** What another node says about a transfer. */
  void onMessage(Peer from, SnapshotTransfer message) {
    if (message instanceof SnapshotRequest request) {
      server.onRequest(from, request);
    } else if (message instanceof SnapshotChunk chunk) {
      fetcher.onChunk(from, chunk);
    }
  }

  /** What consensus wants to be fetched, or not any more. */
  void fetch(Effects.SnapshotTask task) {
    if (task instanceof Effects.SnapshotTask.Fetch fetch) {
      fetcher.fetch(fetch.id(), fetch.holder());
    } else if (task instanceof Effects.SnapshotTask.StopFetch) {
      fetcher.stopFetch();
    }
  }

  /** Ends everything, gives up what is not finished, and then runs a task. */
  void stop(Runnable stopped) {
    snapshotter.stop(() -> fetcher.stop(() -> server.stop(stopped)));
  }
}
