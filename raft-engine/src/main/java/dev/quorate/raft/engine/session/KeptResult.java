package dev.quorate.raft.engine.session;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The result of a command of a session, which a repetition of the command gets.
 *
 * @param sequence the command's place in the session
 * @param index where in the log it was applied
 * @param fingerprint of the command, by which another one in the same place is told from it
 * @param result what the state machine returned; not to be changed
 */
record KeptResult(long sequence, long index, int fingerprint, byte[] result) {

  /** A number that differs between different commands, very likely. */
  static int fingerprint(ByteBuffer command) {
    CRC32C crc = new CRC32C();
    crc.update(command.duplicate());
    return (int) crc.getValue();
  }
}
