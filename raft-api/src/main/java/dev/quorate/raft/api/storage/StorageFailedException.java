package dev.quorate.raft.api.storage;

import java.io.IOException;

/**
 * A write or a force failed, now or earlier, since the storage was opened. That is final, for all
 * of its groups: what is in memory may be marked as written and not be on the disk, so that trying
 * again would succeed and mean nothing (Rebello et al., "Can Applications Recover from fsync
 * Failures?", ATC 2020). The storage changes nothing more; what is on the disk is read when it is
 * opened again.
 */
public final class StorageFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * The end of a storage.
   *
   * @param message where, and what the system said
   * @param cause what was thrown first
   */
  public StorageFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
