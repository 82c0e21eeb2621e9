package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The first failure of a write or a force, which is the last: after it pages may be clean and not
 * on the disk, so that trying again would succeed and mean nothing (Rebello et al., ATC 2020).
 * Guarded by the storage's lock, except for {@link #sound}.
 */
final class StorageHealth {

  private final Path directory;
  private volatile Throwable failure;

  StorageHealth(Path directory) {
    this.directory = directory;
  }

  boolean sound() {
    return failure == null;
  }

  /** Refuses if there was a failure. */
  void check() throws IOException {
    if (failure != null) {
      throw new IOException(
          "the storage in "
              + directory
              + " failed before and is of no use until it is opened again: "
              + failure.getMessage(),
          failure);
    }
  }

  /**
   * Runs a step whose failure is final, unless it says that it met a full disk and wrote nothing,
   * or that it could not read.
   */
  void must(Step step) throws IOException {
    try {
      step.run();
    } catch (NoSpaceException | UnreadableException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /** Notes a failure that is final. */
  void failed(Throwable e) {
    failure = e;
  }

  /** Something that writes or forces. */
  interface Step {
    void run() throws IOException;
  }
}
