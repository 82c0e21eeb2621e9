package dev.quorate.raft.tools.verify;

import dev.quorate.raft.tools.report.Line;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;

/** What was found in one group: the first offence of each kind is said, the others are counted. */
final class Findings {

  private final Report report;
  private final Set<String> said = new LinkedHashSet<>();
  private final TreeMap<String, Integer> kinds = new TreeMap<>();

  Findings(Report report) {
    this.report = report;
  }

  /**
   * Something that a sound directory does not have.
   *
   * @param kind which rule is broken
   * @param what file, offset, what it means and what to do
   */
  void damage(String kind, String what) {
    if (!said.add(what)) {
      return; // Two rules met the same.
    }
    if (kinds.merge(kind, 1, Integer::sum) == 1) {
      report.say(Line.of("damage").with("kind", kind).with(TextReport.SENTENCE, what));
    }
  }

  /** The same, of a place in a file. */
  void damage(String kind, Path file, long offset, String what, String advice) {
    damage(kind, file + ", offset " + offset + ": " + what + ". " + advice);
  }

  /** Something to know that is no damage. */
  void note(String kind, String what) {
    report.say(Line.of("note").with("kind", kind).with(TextReport.SENTENCE, what));
  }

  boolean isSound() {
    return kinds.isEmpty();
  }

  /** Says how many further offences there are of each kind. */
  void sayCounts() {
    kinds.forEach(
        (kind, count) -> {
          if (count > 1) {
            report.say(Line.of("more").with("kind", kind).with("offences", count - 1L));
          }
        });
  }
}
