package dev.quorate.raft.engine.session;

import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClusterSettings;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The table of sessions as it was at one moment, and its bytes in a snapshot. It is written and
 * read as a stream, one session at a time.
 *
 * <pre>
 * bytes  field, big-endian
 *     1    format version, 1
 *     4    length of the settings
 *     n    settings, as in their entries
 *     8    cluster time of the last entry that concerned a session, in milliseconds
 *     4    how many sessions follow, least recently active first; each:
 *     8      id
 *     8      cluster time when it was active last, in milliseconds
 *     8      acknowledged
 *     8      last sequence
 *     4      how many results follow, those of the commands after the acknowledged; each:
 *     8        sequence of the command
 *     8        index at which the command was applied
 *     4        fingerprint of the command
 *     4        length of the result
 *     n        result
 * </pre>
 */
public final class SessionSection {

  private static final int VERSION = 1;
  private static final int MAX_SETTINGS_BYTES = 4_096;

  private final ClusterSettings settings;
  private final long nowMillis;
  private final List<Captured> sessions;

  private record Captured(
      long id,
      long lastActiveMillis,
      long acknowledged,
      long lastSequence,
      List<KeptResult> results) {}

  private SessionSection(ClusterSettings settings, long nowMillis, List<Captured> sessions) {
    this.settings = settings;
    this.nowMillis = nowMillis;
    this.sessions = sessions;
  }

  static SessionSection of(
      ClusterSettings settings, long nowMillis, Collection<ClientSession> sessions) {
    List<Captured> captured = new ArrayList<>(sessions.size());
    for (ClientSession session : sessions) {
      captured.add(
          new Captured(
              session.id(),
              session.lastActiveMillis(),
              session.acknowledged(),
              session.lastSequence(),
              session.results()));
    }
    return new SessionSection(settings, nowMillis, captured);
  }

  /**
   * Writes the section. May be called by any thread.
   *
   * @throws IOException if the stream fails
   */
  public void writeTo(OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    ByteBuffer encoded = ClusterSettingsCodec.encode(settings);
    out.writeByte(VERSION);
    out.writeInt(encoded.remaining());
    out.write(encoded.array(), encoded.arrayOffset() + encoded.position(), encoded.remaining());
    out.writeLong(nowMillis);
    out.writeInt(sessions.size());
    for (Captured session : sessions) {
      out.writeLong(session.id());
      out.writeLong(session.lastActiveMillis());
      out.writeLong(session.acknowledged());
      out.writeLong(session.lastSequence());
      out.writeInt(session.results().size());
      for (KeptResult kept : session.results()) {
        out.writeLong(kept.sequence());
        out.writeLong(kept.index());
        out.writeInt(kept.fingerprint());
        out.writeInt(kept.result().length);
        out.write(kept.result());
      }
    }
    out.flush();
  }

  /**
   * Reads a section, to its end and no further.
   *
   * @return the table as it was
   * @throws IOException if the stream fails or ends too early, or what it holds is no section of a
   *     known version; the message says what is wrong
   */
  public static SessionTable readFrom(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("session section format " + version + " is not known, only 1 is");
    }
    ClusterSettings settings = settings(in);
    long nowMillis = in.readLong();
    SessionTable table = new SessionTable(settings, nowMillis);
    int count = natural(in.readInt(), "number of sessions");
    long lastActive = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      ClientSession session = session(in);
      require(
          session.lastActiveMillis() >= lastActive && session.lastActiveMillis() <= nowMillis,
          "session " + session.id() + " was active at " + session.lastActiveMillis());
      lastActive = session.lastActiveMillis();
      table.add(session);
    }
    require(table.size() == count, "a session is there twice");
    return table;
  }

  private static ClusterSettings settings(DataInputStream in) throws IOException {
    int length = natural(in.readInt(), "length of settings");
    require(length <= MAX_SETTINGS_BYTES, "settings of " + length + " bytes");
    byte[] encoded = new byte[length];
    in.readFully(encoded);
    try {
      return ClusterSettingsCodec.decode(ByteBuffer.wrap(encoded));
    } catch (DecodeException e) {
      throw new IOException("the settings in the session section: " + e.getMessage(), e);
    }
  }

  private static ClientSession session(DataInputStream in) throws IOException {
    long id = in.readLong();
    long lastActive = in.readLong();
    long acknowledged = in.readLong();
    long lastSequence = in.readLong();
    require(
        id > 0 && acknowledged >= 0 && lastSequence >= acknowledged,
        "session " + id + " from " + acknowledged + " to " + lastSequence);
    int count = natural(in.readInt(), "number of results");
    List<KeptResult> results = new ArrayList<>();
    long before = acknowledged;
    for (int i = 0; i < count; i++) {
      long sequence = in.readLong();
      require(
          sequence > before && sequence <= lastSequence,
          "the result of command " + sequence + " of session " + id + " comes after " + before);
      before = sequence;
      long index = in.readLong();
      int fingerprint = in.readInt();
      int length = natural(in.readInt(), "length of a result");
      byte[] result = in.readNBytes(length);
      require(result.length == length, "a result of session " + id + " is cut short");
      results.add(new KeptResult(sequence, index, fingerprint, result));
    }
    return new ClientSession(id, lastActive, acknowledged, lastSequence, results);
  }

  private static int natural(int value, String what) throws IOException {
    require(value >= 0, what + " " + value + " is negative");
    return value;
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new IOException("the session section makes no sense: " + otherwise);
    }
  }
}
