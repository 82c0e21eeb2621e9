package dev.quorate.raft.api.storage;

import java.io.IOException;

/**
 * Stored bytes are not what was written, and a torn last write does not explain it. The node
 * refuses to serve rather than guess (Alagappan et al., "Protocol-Aware Recovery", FAST 2018: what
 * looks torn may be a committed entry).
 */
public final class CorruptionException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Damage.
   *
   * @param message the file, the offset in it, what is wrong, and what to do
   */
  public CorruptionException(String message) {
    super(message);
  }

  /**
   * Damage with its cause.
   *
   * @param message the file, the offset in it, what is wrong, and what to do
   * @param cause what it came from
   */
  public CorruptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
