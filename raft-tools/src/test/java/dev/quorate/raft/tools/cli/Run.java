package dev.quorate.raft.tools.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * A command that was run, in this process.
 *
 * @param exit its exit code
 * @param lines what it said
 * @param errors what it complained about
 */
record Run(int exit, List<String> lines, String errors) {

  static Run of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i] instanceof Path path ? path.toString() : (String) arguments[i];
    }
    int exit = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
    return new Run(exit, out.toString().lines().toList(), err.toString());
  }

  /** The lines of a kind. */
  List<String> said(String kind) {
    return lines.stream().filter(line -> line.startsWith(kind + " ")).toList();
  }
}
