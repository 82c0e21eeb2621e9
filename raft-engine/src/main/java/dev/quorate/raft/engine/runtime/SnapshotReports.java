package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.core.StoredSnapshot;
import dev.quorate.raft.engine.core.Time;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Brings what becomes of snapshots into the node loop's turns. */
final class SnapshotReports implements SnapshotActors.Listener {

  private final Consumer<BiConsumer<Consensus, Time>> loop;
  private final StatusBoard board;
  private final Consumer<Throwable> fault;

  /**
   * Reports to a loop.
   *
   * @param loop runs what it is given in a turn
   * @param fault is told of errors of the machine
   */
  SnapshotReports(
      Consumer<BiConsumer<Consensus, Time>> loop, StatusBoard board, Consumer<Throwable> fault) {
    this.loop = loop;
    this.board = board;
    this.fault = fault;
  }

  @Override
  public void onSnapshotTaken(StoredSnapshot snapshot) {
    loop.accept((consensus, now) -> consensus.onSnapshotTaken(snapshot, now));
  }

  @Override
  public void onSnapshotFailed(String reason, boolean forever) {
    loop.accept((consensus, now) -> consensus.onSnapshotFailed(reason, forever, now));
  }

  @Override
  public void onSnapshotDamaged(SnapshotId id) {
    loop.accept(
        (consensus, now) -> {
          board.snapshotDamaged(id.index(), now);
          consensus.onSnapshotDamaged(id);
        });
  }

  @Override
  public void onFetchProgress(SnapshotId id, long receivedBytes) {
    loop.accept((consensus, now) -> consensus.onFetchProgress(id, receivedBytes));
  }

  @Override
  public void onSnapshotFetched(StoredSnapshot snapshot) {
    loop.accept((consensus, now) -> consensus.onSnapshotFetched(snapshot, now));
  }

  @Override
  public void onFetchFailed(SnapshotId id) {
    loop.accept((consensus, now) -> consensus.onFetchFailed(id, now));
  }

  @Override
  public void onFault(Throwable cause) {
    fault.accept(cause);
  }
}
