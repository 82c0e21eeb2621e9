package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.StorageFailedException;
import dev.quorate.raft.api.storage.UnreadableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.function.Predicate;

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
  void check() throws StorageFailedException {
    if (failure != null) {
      throw new StorageFailedException(
          "the storage in "
              + directory
              + " failed before and is of no use until it is opened again: "
              + failure.getMessage(),
          failure);
    }
  }

  /** Runs a step whose failure is final, unless it says that it met a full disk. */
  void must(Step step) throws IOException {
    run(step, e -> e instanceof NoSpaceException);
  }

  /**
   * The same for a step of an opening. A file or directory that could not even be opened there was
   * neither written nor forced: that is not final, and no business of the other groups.
   */
  void mustWhenOpening(Step step) throws IOException {
    run(
        step,
        e ->
            e instanceof NoSpaceException
                || e instanceof UnreadableException
                || e instanceof AccessDeniedException);
  }

  private void run(Step step, Predicate<IOException> isHarmless) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      if (isHarmless.test(e)) {
        throw e;
      }
      failure = e;
      throw new StorageFailedException(
          "a write or a force in " + directory + " failed: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /** Something that writes or forces. */
  interface Step {
    void run() throws IOException;
  }
}
