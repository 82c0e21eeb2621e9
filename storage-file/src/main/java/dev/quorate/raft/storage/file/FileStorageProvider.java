package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import java.io.IOException;
import java.util.List;

/** Opens storages of the kind {@code file}. */
public final class FileStorageProvider implements StorageProvider {

  private static final String PREFIX = "raft.storage.file.";
  private static final String SEGMENT_BYTES = PREFIX + "segment-bytes";

  /**
   * Room is acquired a segment at a time by writing zeros, during which batches wait: 4 MiB is some
   * 10 ms on the disks we measured and 40 ms on a slow one, far below an election timeout, and
   * still holds thousands of commands, so that the three forces of a roll do not count.
   */
  private static final long DEFAULT_SEGMENT_BYTES = 4L << 20;

  private static final long MIN_SEGMENT_BYTES = 4L << 10;

  /**
   * Recovery reads a segment as a whole into memory; the longest command of the engine, 64 MiB,
   * fits into half of it.
   */
  private static final long MAX_SEGMENT_BYTES = 256L << 20;

  /** For {@link java.util.ServiceLoader}. */
  public FileStorageProvider() {}

  @Override
  public String name() {
    return "file";
  }

  @Override
  public void check(Settings settings) {
    segmentBytes(settings);
  }

  @Override
  public Storage open(StorageContext context) throws IOException {
    return FileStorage.open(context, segmentBytes(context.settings()));
  }

  private static int segmentBytes(Settings settings) {
    settings.requireKnown(PREFIX, List.of(SEGMENT_BYTES));
    return (int)
        settings.bytes(SEGMENT_BYTES, DEFAULT_SEGMENT_BYTES, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
  }
}
