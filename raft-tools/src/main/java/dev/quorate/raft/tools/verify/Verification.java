package dev.quorate.raft.tools.verify;

import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.storage.file.GroupInspection;
import dev.quorate.raft.storage.file.Inspection;
import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import java.io.IOException;
import java.util.List;

/** Looks at every byte that counts in a directory. */
public final class Verification {

  private static final List<Rule> RULES =
      List.of(new WholeLog(), new WholeSegments(), new WholeSnapshots(), new ReadableWatermark());

  private final Inspection directory;
  private final Report report;

  /** Of a directory. */
  public Verification(Inspection directory, Report report) {
    this.directory = directory;
    this.report = report;
  }

  /**
   * Says what is wrong, group by group.
   *
   * @return whether nothing is
   * @throws IOException if something cannot be read, which is not to say that it is damaged
   */
  public boolean run() throws IOException {
    try {
      directory.identity();
    } catch (CorruptionException e) {
      report.say(
          Line.of("damage").with("kind", "identity").with(TextReport.SENTENCE, e.getMessage()));
      return false;
    }
    boolean sound = true;
    for (String group : directory.groups()) {
      sound &= verify(directory.group(group));
    }
    return sound;
  }

  private boolean verify(GroupInspection group) throws IOException {
    Findings findings = new Findings(report);
    for (Rule rule : RULES) {
      rule.check(group, findings);
    }
    findings.sayCounts();
    report.say(Line.of(findings.isSound() ? "sound" : "damaged").with("group", group.id()));
    return findings.isSound();
  }
}
