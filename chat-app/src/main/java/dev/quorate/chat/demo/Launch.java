package dev.quorate.chat.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How this process was started: what only {@code bin/chat} knows, handed over as system properties.
 *
 * @param script {@code bin/chat} itself, which starts the nodes too
 * @param inputIsTerminal whether somebody can be asked
 * @param outputIsTerminal whether somebody can see a prompt
 * @param justBuilt whether the script has had to build what runs here
 */
record Launch(Path script, boolean inputIsTerminal, boolean outputIsTerminal, boolean justBuilt) {

  static Launch ofThisProcess() throws DemoException {
    String script = System.getProperty("quorate.chat.script");
    if (script == null) {
      throw DemoException.failure("start it with bin/chat, which knows how to start the nodes");
    }
    List<String> terminals = List.of(System.getProperty("quorate.chat.terminal", "").split(","));
    return new Launch(
        Path.of(script),
        terminals.contains("in"),
        terminals.contains("out"),
        System.getProperty("quorate.chat.built", "").equals("now"));
  }

  /**
   * Lets the script finish a fresh build with what makes the starts of its processes faster. That
   * takes longer than a start without it, so that it is part of the wait for a build or not done;
   * and only who starts processes calls this, so that nobody waits for it in vain.
   */
  void finishBuild() throws IOException, InterruptedException {
    if (justBuilt) {
      ProcessBuilder builder = new ProcessBuilder(script.toString());
      builder.environment().put("QUORATE_BUILD", "record");
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      // A start without it is only slower, so that there is nothing to say of its failure.
      builder.start().waitFor();
    }
  }
}
