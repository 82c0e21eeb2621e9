package dev.quorate.scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A {@code bin/chat demo} at a pseudo terminal, which {@code script} (util-linux) makes. */
final class TerminalProcess extends LineProcess {
  static final String CTRL_C = "\u0003";
  static final String CTRL_D = "\u0004";

  private TerminalProcess(String name, ProcessBuilder builder) throws IOException {
    super(name, builder);
  }

  /** Why there can be none here; empty if there can. */
  static Optional<String> missing() throws InterruptedException {
    return SystemCommand.missing("script", "--version");
  }

  /**
   * Starts it.
   *
   * @param directory its current directory
   * @param options without blanks: a shell reads them
   */
  static TerminalProcess start(String name, Path directory, List<String> options)
      throws IOException {
    String demo =
        "stty rows 50 columns 200; exec "
            + DemoProcess.script()
            + " demo "
            + String.join(" ", options);
    ProcessBuilder builder =
        DemoProcess.underTest(
            List.of("script", "--quiet", "--return", "--flush", "--command", demo, "/dev/null"),
            directory);
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh");
    return new TerminalProcess(name, builder);
  }
}
