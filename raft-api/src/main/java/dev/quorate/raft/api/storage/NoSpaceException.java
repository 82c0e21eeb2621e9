package dev.quorate.raft.api.storage;

import java.io.IOException;

/** There is no room for a batch. Nothing of it was written; it may be written again later. */
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * A full disk.
   *
   * @param message what could not be acquired, and where
   * @param cause what the file system said, or {@code null}
   */
  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
