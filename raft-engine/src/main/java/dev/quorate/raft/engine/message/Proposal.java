package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.storage.LogEntry;
import java.nio.ByteBuffer;

/**
 * What a caller wants to have appended to the log.
 *
 * @param type what it is for
 * @param payload its bytes
 */
public record Proposal(LogEntry.Type type, ByteBuffer payload) {

  /** A command outside any session. */
  public static Proposal command(ByteBuffer command) {
    return new Proposal(LogEntry.Type.COMMAND, command);
  }

  /** How long the payload is, in bytes. */
  public int bytes() {
    return payload.remaining();
  }
}
