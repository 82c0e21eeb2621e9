package dev.quorate.raft.engine.message;

import java.nio.ByteBuffer;

/**
 * What an entry asks of the table of client sessions (Ongaro's dissertation, section 6.3). A
 * session's id is the index of the entry that opened it.
 */
public sealed interface SessionRequest {

  /** Opens a session, whose id is the index of this entry. */
  record Open() implements SessionRequest {}

  /** What goes on in a session that is open. */
  sealed interface Within extends SessionRequest {
    /** The session. */
    long session();
  }

  /** What has a place in a session's order, and is done once. */
  sealed interface Numbered extends Within {
    /** Its place, from 1 without gaps. */
    long sequence();

    /** Up to where the client knows all ends: their results need not be kept any longer. */
    long acknowledged();
  }

  /**
   * A command for the state machine.
   *
   * @param session the session
   * @param sequence its place in the session, from 1 without gaps
   * @param acknowledged up to where the client knows all ends
   * @param command the command
   */
  record Command(long session, long sequence, long acknowledged, ByteBuffer command)
      implements Numbered {}

  /**
   * Nothing, in the places of commands that were certainly never appended, so that those behind
   * them need not wait for them.
   *
   * @param session the session
   * @param sequence the first of these places
   * @param acknowledged up to where the client knows all ends
   * @param through the last of these places
   */
  record Skip(long session, long sequence, long acknowledged, long through) implements Numbered {}

  /**
   * The client lives, though it submits nothing. The result tells it where the session stands.
   *
   * @param session the session
   */
  record KeepAlive(long session) implements Within {}

  /**
   * The session ends, and all that is kept for it.
   *
   * @param session the session
   */
  record Close(long session) implements Within {}
}
