package dev.quorate.raft.tools.cli;

import dev.quorate.raft.tools.report.JsonReport;
import dev.quorate.raft.tools.report.Report;
import dev.quorate.raft.tools.report.TextReport;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option that every command has which says lines. */
final class Output {

  @Option(
      names = "--json",
      description = "One JSON object a line instead of text; the kind of line is in 'kind'.")
  private boolean json;

  Report report(PrintWriter out) {
    return json ? new JsonReport(out) : new TextReport(out);
  }
}
