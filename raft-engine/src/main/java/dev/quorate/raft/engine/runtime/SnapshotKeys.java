package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.engine.core.SnapshotSettings;
import java.time.Duration;
import java.util.List;

/**
 * The engine's keys about snapshots, read once and checked.
 *
 * @param core when they are taken, and how much of the log stays behind them
 * @param keep how many are kept
 * @param maxBytesPerSecond how fast one is fetched from another node
 */
public record SnapshotKeys(SnapshotSettings core, int keep, long maxBytesPerSecond) {

  static final String AFTER_BYTES = "raft.snapshot.after-bytes";
  static final String AFTER_ENTRIES = "raft.snapshot.after-entries";
  static final String INTERVAL = "raft.snapshot.interval";
  static final String KEEP = "raft.snapshot.keep";
  static final String TAIL_ENTRIES = "raft.snapshot.tail-entries";
  static final String TAIL_BYTES = "raft.snapshot.tail-bytes";
  static final String MAX_BYTES_PER_SECOND = "raft.snapshot.max-bytes-per-second";

  static final List<String> KNOWN =
      List.of(
          AFTER_BYTES,
          AFTER_ENTRIES,
          INTERVAL,
          KEEP,
          TAIL_ENTRIES,
          TAIL_BYTES,
          MAX_BYTES_PER_SECOND);

  private static final long KIB = 1_024;
  private static final long MIB = 1_024 * KIB;
  private static final long GIB = 1_024 * MIB;
  private static final long MOST_ENTRIES = 1_000_000_000_000L;
  private static final int MOST_KEPT = 1_000;

  /** Reads and checks the keys. */
  static SnapshotKeys of(Settings settings) {
    return new SnapshotKeys(
        new SnapshotSettings(
            settings.bytes(AFTER_BYTES, 64 * MIB, 0, 1_024 * GIB),
            settings.number(AFTER_ENTRIES, 1_000_000, 0, MOST_ENTRIES),
            settings
                .duration(INTERVAL, Duration.ofHours(1), Duration.ZERO, Duration.ofDays(365))
                .toNanos(),
            settings.number(TAIL_ENTRIES, 10_000, 0, MOST_ENTRIES),
            settings.bytes(TAIL_BYTES, 16 * MIB, 0, 1_024 * GIB)),
        (int) settings.number(KEEP, 2, 1, MOST_KEPT),
        settings.bytes(MAX_BYTES_PER_SECOND, 64 * MIB, 64 * KIB, 64 * GIB));
  }
}
