package dev.quorate.raft.engine.snapshot;

import dev.quorate.raft.engine.codec.DecodeException;
import java.nio.ByteBuffer;

/**
 * A part of the replicated state that is the engine's own and goes into every snapshot beside the
 * state machine's. Called by the applier only, like the state machine.
 */
public interface ReplicatedSection {

  /** Names the part in the file, from 1 to 65535; a number is never given to another part. */
  int code();

  /** The state after the last applied entry in bytes, which do not change afterwards. */
  ByteBuffer capture();

  /**
   * Replaces the whole state.
   *
   * @param bytes what {@link #capture} gave, here or on another node; none, if the snapshot is of a
   *     version that did not have this part, which is then as in the beginning
   * @throws DecodeException if the bytes make no sense
   */
  void restore(ByteBuffer bytes) throws DecodeException;
}
