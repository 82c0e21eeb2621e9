package dev.quorate.raft.tools.dump;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.RecoveredLog;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.snapshot.SnapshotContent;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.Identity;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.storage.file.LogInspection;
import dev.quorate.raft.storage.file.LogPosition;
import dev.quorate.raft.storage.file.SegmentInspection;
import dev.quorate.raft.storage.file.SnapshotInspection;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Members;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Says what lies in a directory. What is damaged is said too, and does not end it. */
public final class Dump {

  /** How many bytes of entries are in memory at a time. */
  private static final long READ_BYTES = 1 << 20;

  private final Inspection directory;
  private final DumpOptions options;
  private final Report report;
  private boolean damaged;

  /** Of a directory. */
  public Dump(Inspection directory, DumpOptions options, Report report) {
    this.directory = directory;
    this.options = options;
    this.report = report;
  }

  /**
   * Says everything.
   *
   * @return whether all that was looked at could be read
   * @throws IOException if the directory or its identity cannot be read, or it has no such group
   */
  public boolean run() throws IOException {
    Identity identity = directory.identity();
    report.say(
        Line.of("directory")
            .with("path", directory.directory().toString())
            .with("cluster", identity.cluster())
            .with("node", identity.node())
            .withBits("incarnation", identity.incarnation()));
    for (String group : options.groups(directory.groups())) {
      dump(directory.group(group));
    }
    return !damaged;
  }

  private void dump(GroupInspection group) throws IOException {
    report.say(Line.of("group").with("id", group.id()));
    Optional<LogInspection> log = Optional.empty();
    boolean whole = true;
    try {
      log = group.log();
    } catch (IOException e) {
      whole = false;
      sayDamage(e);
    }
    if (log.isPresent()) {
      say(log.get());
    }
    Optional<LogPosition> watermark = group.watermark();
    if (watermark.isPresent()) {
      report.say(
          Line.of("watermark")
              .with("segment", watermark.get().segment())
              .with("offset", watermark.get().offset()));
    }
    for (int sequence : group.segments()) {
      saySegment(group, sequence, whole);
    }
    saySnapshots(group);
    if (log.isPresent()) {
      sayConfigurations(log.get());
      sayEntries(log.get());
    }
  }

  private void sayDamage(IOException e) {
    damaged = true;
    report.say(Line.of("damage").with(TextReport.SENTENCE, e.getMessage()));
  }

  private void say(LogInspection log) {
    RecoveredLog recovered = log.recovered();
    report.say(Members.with(Line.of("hard-state"), recovered.hardState()));
    report.say(
        Line.of("log")
            .with("base-index", recovered.baseIndex())
            .with("base-term", recovered.baseTerm())
            .with("last-index", recovered.lastIndex())
            .with("last-term", lastTerm(recovered))
            .with("first-segment", log.firstSegment())
            .with("last-segment", log.end().segment())
            .with("forced", log.proven().offset())
            .with("end", log.end().offset())
            .with("torn-bytes", log.tornBytes()));
  }

  private static long lastTerm(RecoveredLog log) {
    List<RecoveredLog.TermStart> terms = log.terms();
    return terms.isEmpty() ? log.baseTerm() : terms.get(terms.size() - 1).term();
  }

  /** With its records, if the log as a whole has no entries to show. */
  private void saySegment(GroupInspection group, int sequence, boolean whole) {
    try {
      SegmentInspection segment = group.segment(sequence);
      report.say(
          Line.of("segment")
              .with("number", sequence)
              .with("file", fileName(segment.file()))
              .with("bytes", segment.capacity())
              .with("after-index", segment.baseIndex())
              .with("after-term", segment.baseTerm())
              .with("batches", segment.batches())
              .with("end", segment.end())
              .with("sealed", segment.sealed()));
      if (!whole) {
        segment.records(
            (offset, intact, record) ->
                report.say(RecordLines.of(sequence, offset, intact, record, options)));
      }
    } catch (IOException e) {
      report.say(Line.of("segment").with("number", sequence));
      sayDamage(e);
    }
  }

  private void saySnapshots(GroupInspection group) throws IOException {
    for (SnapshotInspection snapshot : group.snapshots()) {
      try (SnapshotSource source = snapshot.open()) {
        SnapshotId id = source.id();
        report.say(
            Line.of("snapshot")
                .with("index", id.index())
                .with("term", id.term())
                .with("bytes", id.length())
                .withBits("boot", id.boot())
                .withBits("hash", id.hash())
                .with("file", fileName(snapshot.file())));
        LogEntry configuration = SnapshotContent.metadata(source).configuration();
        report.say(
            Members.with(
                Line.of("in-snapshot").with("index", configuration.index()), configuration));
      } catch (IOException e) {
        report.say(Line.of("snapshot").with("file", fileName(snapshot.file())));
        sayDamage(e);
      }
    }
    for (Path aside : group.snapshotsSetAside()) {
      report.say(Line.of("set-aside").with("file", fileName(aside)));
    }
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void sayConfigurations(LogInspection log) {
    List<LogEntry> inLog = log.recovered().configurations();
    Optional<LogEntry> effective = log.configuration();
    if (inLog.isEmpty() && effective.isPresent()) {
      report.say(configuration(effective.get(), true));
    }
    for (LogEntry entry : inLog) {
      report.say(configuration(entry, effective.filter(entry::equals).isPresent()));
    }
  }

  private static Line configuration(LogEntry entry, boolean effective) {
    Line line =
        Line.of("configuration")
            .with("index", entry.index())
            .with("term", entry.term())
            .with("in-effect", effective);
    return Members.with(line, entry);
  }

  private void sayEntries(LogInspection log) {
    long from = Math.max(options.from(), log.recovered().baseIndex() + 1);
    long end = Math.min(options.to(), log.recovered().lastIndex()) + 1;
    try {
      while (from < end) {
        for (LogEntry entry : log.read(from, end, READ_BYTES)) {
          report.say(RecordLines.of(entry, options));
          from = entry.index() + 1;
        }
      }
    } catch (IOException e) {
      sayDamage(e);
    }
  }
}
