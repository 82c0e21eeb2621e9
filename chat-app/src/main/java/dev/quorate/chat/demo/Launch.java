package dev.quorate.chat.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * How this process was started: what only {@code bin/chat} knows, handed over as system properties.
 *
 * @param script {@code bin/chat} itself, which starts the nodes too
 * @param inputIsTerminal whether somebody can be asked
 * @param outputIsTerminal whether somebody can see a prompt
 */
record Launch(Path script, boolean inputIsTerminal, boolean outputIsTerminal) {

  static Launch ofThisProcess() throws DemoException {
    String script = System.getProperty("quorate.chat.script");
    if (script == null) {
      throw DemoException.failure("start it with bin/chat, which knows how to start the nodes");
    }
    List<String> terminals = List.of(System.getProperty("quorate.chat.terminal", "").split(","));
    return new Launch(Path.of(script), terminals.contains("in"), terminals.contains("out"));
  }
}
