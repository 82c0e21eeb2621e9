package dev.quorate.raft.engine.codec;

import dev.quorate.raft.engine.message.ClusterSettings;
import java.nio.ByteBuffer;

/**
 * The payload of an entry that holds the settings of the cluster. Settings are numbered, so that
 * later ones can be added; one that a reader does not know it cannot obey, so that it refuses.
 *
 * <pre>
 * bytes  field
 *     1    format version, 1
 *     8    version of the settings
 *     4    how many follow, in the order of their numbers
 *   each:
 *     1      number: 1 sessions, 2 results a session, 3 bytes of results a session,
 *            4 session timeout in milliseconds, 5 lease, 1 if on
 *     8      value, not negative; one that is missing is 0
 * </pre>
 */
public final class ClusterSettingsCodec {

  private static final int VERSION = 1;
  private static final int MAX_SESSIONS = 1;
  private static final int MAX_RESULTS = 2;
  private static final int MAX_RESULT_BYTES = 3;
  private static final int SESSION_TIMEOUT = 4;
  private static final int LEASE = 5;
  private static final int KNOWN = 5;
  private static final int BYTES_EACH = 1 + Long.BYTES;

  private ClusterSettingsCodec() {}

  /** The settings in bytes. A lease that is off is left out, as it was before there were any. */
  public static ByteBuffer encode(ClusterSettings settings) {
    Writer writer = new Writer(64);
    writer.u8(VERSION).i64(settings.version()).i32(settings.lease() ? KNOWN : KNOWN - 1);
    writer.u8(MAX_SESSIONS).i64(settings.maxSessions());
    writer.u8(MAX_RESULTS).i64(settings.maxResults());
    writer.u8(MAX_RESULT_BYTES).i64(settings.maxResultBytes());
    writer.u8(SESSION_TIMEOUT).i64(settings.sessionTimeoutMillis());
    if (settings.lease()) {
      writer.u8(LEASE).i64(1);
    }
    return writer.done();
  }

  /**
   * Reads the settings that fill the rest of a buffer.
   *
   * @throws DecodeException if the rest is not exactly settings that are all known
   */
  public static ClusterSettings decode(ByteBuffer payload) throws DecodeException {
    Reader reader = new Reader(payload.duplicate());
    int format = reader.u8();
    if (format != VERSION) {
      throw new DecodeException("settings format " + format + " is not known, only 1 is");
    }
    long version = reader.natural("version");
    int count = reader.count(BYTES_EACH);
    long[] values = new long[KNOWN + 1];
    int last = 0;
    for (int i = 0; i < count; i++) {
      int number = reader.u8();
      if (number > KNOWN) {
        throw new DecodeException("setting " + number + " is not known, only 1 to " + KNOWN);
      }
      if (number <= last) {
        throw new DecodeException("setting " + number + " comes after " + last);
      }
      values[number] = reader.natural("setting " + number);
      last = number;
    }
    reader.end();
    if (values[LEASE] > 1) {
      throw new DecodeException("a lease is 0 or 1, not " + values[LEASE]);
    }
    return new ClusterSettings(
        version,
        number(values[MAX_SESSIONS]),
        number(values[MAX_RESULTS]),
        values[MAX_RESULT_BYTES],
        values[SESSION_TIMEOUT],
        values[LEASE] == 1);
  }

  private static int number(long value) throws DecodeException {
    if (value > Integer.MAX_VALUE) {
      throw new DecodeException(value + " is beyond " + Integer.MAX_VALUE);
    }
    return (int) value;
  }
}
