package dev.quorate.raft.tools.dump;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.WriteRecord;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Members;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** One line an entry or a record. */
final class RecordLines {

  private RecordLines() {}

  static Line of(LogEntry entry, DumpOptions options) {
    return with(Line.of("entry"), entry, options);
  }

  /** A record as it lies in a segment, be it that later ones took its place. */
  static Line of(int segment, int offset, boolean intact, WriteRecord record, DumpOptions options) {
    Line line = Line.of("record").with("segment", segment).with("offset", offset);
    if (!intact) {
      line = line.with("checksum", "wrong");
    }
    if (record instanceof WriteRecord.SetHardState set) {
      return Members.with(line.with("type", "HARD_STATE"), set.state());
    } else if (record instanceof WriteRecord.Truncate truncate) {
      return line.with("type", "TRUNCATION").with("from", truncate.fromIndex());
    } else if (record instanceof WriteRecord.Compact compact) {
      return line.with("type", "COMPACTION")
          .with("through", compact.throughIndex())
          .with("through-term", compact.throughTerm());
    } else if (record instanceof WriteRecord.InstallSnapshot install) {
      return line.with("type", "INSTALLED_SNAPSHOT")
          .with("index", install.snapshot().index())
          .with("index-term", install.snapshot().term())
          .withBits("boot", install.snapshot().boot())
          .withBits("hash", install.snapshot().hash());
    }
    return with(line, ((WriteRecord.Append) record).entries().get(0), options);
  }

  private static Line with(Line line, LogEntry entry, DumpOptions options) {
    Line known =
        line.with("index", entry.index())
            .with("term", entry.term())
            .with("type", entry.type().name())
            .with("bytes", entry.payload().remaining())
            .with("cluster-time", entry.clusterTimeMillis())
            .with("wall-time", Instant.ofEpochMilli(entry.wallTimeMillis()).toString());
    if (entry.type() == LogEntry.Type.SETTINGS) {
      known = withSettings(known, entry);
    }
    if (!options.payload()) {
      return known;
    }
    byte[] bytes = new byte[entry.payload().remaining()];
    entry.payload().get(bytes);
    return known.with("payload", HexFormat.of().formatHex(bytes)).with("text", text(bytes));
  }

  /** A line with the settings in an entry, or with why they cannot be read. */
  private static Line withSettings(Line line, LogEntry entry) {
    ClusterSettings settings;
    try {
      settings = ClusterSettingsCodec.decode(entry.payload());
    } catch (DecodeException e) {
      return line.with("unreadable", e.getMessage());
    }
    Line known =
        line.with("settings-version", settings.version())
            .with("max-sessions", settings.maxSessions())
            .with("max-results", settings.maxResults())
            .with("max-result-bytes", settings.maxResultBytes())
            .with("session-timeout-millis", settings.sessionTimeoutMillis())
            .with("lease", settings.lease());
    return settings.priorities().isEmpty()
        ? known
        : known.with("priorities", settings.priorities().toString());
  }

  /** The bytes as a text, if they are one that a terminal can show. */
  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text)
          .filter(t -> !t.isEmpty() && t.codePoints().noneMatch(Character::isISOControl));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
