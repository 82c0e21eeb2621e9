package dev.quorate.raft.engine.core;

/**
 * When snapshots are taken and how much of the log is kept behind them, validated where it is read.
 *
 * @param afterBytes take one when so many bytes of entries were applied since the last; 0: never
 *     for that
 * @param afterEntries take one when so many entries were applied since the last; 0: never for that
 * @param intervalNanos take one when the last is so old and anything was applied since; 0: never
 *     for that
 * @param tailEntries how many entries up to the snapshot's index are kept at most, so that a peer
 *     that is a little behind needs no snapshot
 * @param tailBytes and how many bytes of them, about
 */
public record SnapshotSettings(
    long afterBytes, long afterEntries, long intervalNanos, long tailEntries, long tailBytes) {

  /** None but those that are asked for, and no tail. */
  public static final SnapshotSettings ON_DEMAND = new SnapshotSettings(0, 0, 0, 0, 0);
}
