package dev.quorate.raft.engine.session;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A table with a log of its own and a state machine that writes down what it applies. */
final class Sheet {

  static final ClusterSettings SETTINGS = new ClusterSettings(1, 3, 4, 100, 1_000, false);

  final List<String> applied = new ArrayList<>();
  SessionTable table = new SessionTable();
  private long lastIndex;
  private long clusterMillis;
  private long wallMillis;

  static Sheet withSettings() {
    Sheet sheet = new Sheet();
    sheet.settings(SETTINGS);
    return sheet;
  }

  /** Time passes, in the cluster. */
  void pass(long millis) {
    clusterMillis += millis;
  }

  /** Wall clocks are set. */
  void wall(long millis) {
    wallMillis = millis;
  }

  private LogEntry entry(LogEntry.Type type, ByteBuffer payload) {
    return LogEntry.of(type, ++lastIndex, 1, clusterMillis, wallMillis, payload);
  }

  Outcome settings(ClusterSettings settings) {
    try {
      return table.applySettings(
          entry(LogEntry.Type.SETTINGS, ClusterSettingsCodec.encode(settings)));
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  Outcome apply(SessionRequest request) {
    try {
      return table.apply(
          entry(LogEntry.Type.SESSION, SessionCodec.encode(request)), this::applyCommand);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] applyCommand(ByteBuffer command) {
    String text = StandardCharsets.UTF_8.decode(command).toString();
    if (text.equals("fail")) {
      throw new IllegalStateException("as asked");
    }
    applied.add(text);
    return bytes(text + "#" + applied.size());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  long open() {
    return ((Outcome.Applied) apply(new SessionRequest.Open())).index();
  }

  Outcome command(long session, long sequence, long acknowledged, String text) {
    return apply(
        new SessionRequest.Command(session, sequence, acknowledged, ByteBuffer.wrap(bytes(text))));
  }

  /** The table becomes what is read back of its section. */
  void restore() throws IOException {
    table = SessionSection.readFrom(new ByteArrayInputStream(section()));
  }

  byte[] section() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.capture().writeTo(out);
    return out.toByteArray();
  }
}
