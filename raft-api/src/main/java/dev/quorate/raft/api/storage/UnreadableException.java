package dev.quorate.raft.api.storage;

import java.io.IOException;

/**
 * The disk did not give back what is stored: a read failed, or a file that is there could not be
 * opened. Other than with a {@link CorruptionException} nobody knows whether the bytes are what was
 * written, and the same read may succeed another time. Until then the node serves as little as with
 * damage.
 */
public final class UnreadableException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * A read that failed.
   *
   * @param message the file, the offset in it if there is one, and what the system says
   * @param cause what the system says
   */
  public UnreadableException(String message, IOException cause) {
    super(message, cause);
  }
}
