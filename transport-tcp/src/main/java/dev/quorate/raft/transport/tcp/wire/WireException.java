package dev.quorate.raft.transport.tcp.wire;

import java.io.IOException;

/** The other end sent something that is not our protocol. The connection is of no more use. */
public final class WireException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Something malformed.
   *
   * @param message what is wrong
   */
  public WireException(String message) {
    super(message);
  }
}
