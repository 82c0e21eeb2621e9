package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

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
 *            4 session timeout in milliseconds, 5 lease, 1 if on,
 *            6 priority of a member, from 1; there may be several, in the order of the members
 *     8      value, not negative; one that is missing is 0
 *   1 + n    the member, behind a priority only
 * </pre>
 */
public final class ClusterSettingsCodec {

  private static final int VERSION = 1;
  private static final int MAX_SESSIONS = 1;
  private static final int MAX_RESULTS = 2;
  private static final int MAX_RESULT_BYTES = 3;
  private static final int SESSION_TIMEOUT = 4;
  private static final int LEASE = 5;
  private static final int PRIORITY = 6;
  private static final int KNOWN = 6;
  private static final int BYTES_EACH = 1 + Long.BYTES;

  private ClusterSettingsCodec() {}

  /**
   * The settings in bytes. A lease that is off is left out, and so is who is not preferred: as it
   * was before there were any.
   */
  public static ByteBuffer encode(ClusterSettings settings) {
    Writer writer = new Writer(64);
    int count = SESSION_TIMEOUT + (settings.lease() ? 1 : 0) + settings.priorities().size();
    writer.u8(VERSION).i64(settings.version()).i32(count);
    writer.u8(MAX_SESSIONS).i64(settings.maxSessions());
    writer.u8(MAX_RESULTS).i64(settings.maxResults());
    writer.u8(MAX_RESULT_BYTES).i64(settings.maxResultBytes());
    writer.u8(SESSION_TIMEOUT).i64(settings.sessionTimeoutMillis());
    if (settings.lease()) {
      writer.u8(LEASE).i64(1);
    }
    for (Map.Entry<NodeId, Integer> preferred : settings.priorities().entrySet()) {
      writer.u8(PRIORITY).i64(preferred.getValue()).name(preferred.getKey());
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
    TreeMap<NodeId, Integer> priorities = new TreeMap<>();
    int last = 0;
    for (int i = 0; i < count; i++) {
      int number = reader.u8();
      if (number > KNOWN) {
        throw new DecodeException("setting " + number + " is not known, only 1 to " + KNOWN);
      }
      if (number < last || number == last && number != PRIORITY) {
        throw new DecodeException("setting " + number + " comes after " + last);
      }
      values[number] = reader.natural("setting " + number);
      if (number == PRIORITY) {
        addPriority(priorities, number(values[number]), reader.name());
      }
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
        values[LEASE] == 1,
        priorities);
  }

  private static void addPriority(TreeMap<NodeId, Integer> priorities, int priority, NodeId node)
      throws DecodeException {
    if (priority == 0) {
      throw new DecodeException("a priority is at least 1, not 0 as that of " + node);
    }
    if (!priorities.isEmpty() && priorities.lastKey().compareTo(node) >= 0) {
      throw new DecodeException(
          "the priority of " + node + " comes after that of " + priorities.lastKey());
    }
    priorities.put(node, priority);
  }

  private static int number(long value) throws DecodeException {
    if (value > Integer.MAX_VALUE) {
      throw new DecodeException(value + " is beyond " + Integer.MAX_VALUE);
    }
    return (int) value;
  }
}
