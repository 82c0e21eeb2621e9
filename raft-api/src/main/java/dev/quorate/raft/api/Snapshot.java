package dev.quorate.raft.api;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A state machine's state at one moment, captured and not yet written. The state machine goes on
 * applying commands while it is written, so that what is captured must not change: an immutable
 * value, a persistent map, a copy, a directory of hard links.
 */
@FunctionalInterface
public interface Snapshot extends AutoCloseable {

  /**
   * Writes the state, for {@link StateMachine#restore}. Called once, by another thread than {@link
   * StateMachine#apply}, and may take as long as it takes.
   *
   * @param out takes the bytes; buffered, and closed by the caller
   * @throws IOException if {@code out} fails, which is thrown on, or the state cannot be read; no
   *     snapshot is made then, and another is tried later
   */
  void writeTo(OutputStream out) throws IOException;

  /** Releases what was captured. Called once, whether it was written or not. */
  @Override
  default void close() {}
}
