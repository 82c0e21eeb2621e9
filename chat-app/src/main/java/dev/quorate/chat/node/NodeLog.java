package dev.quorate.chat.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends all logging of the process to one rotated file, and nothing to the terminal. */
final class NodeLog {

  /**
   * Libraries whose INFO is of no use to operators. Held here, because the log manager holds
   * loggers weakly and would forget their level with them.
   */
  private static final List<Logger> CHATTY =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

  /** The time, the level, the logger, the message and, if there is one, the stack trace. */
  private static final String FORMAT = "%1$tF %1$tT.%1$tL %4$-7s %3$s: %5$s%6$s%n";

  private static final String FORMAT_KEY = "java.util.logging.SimpleFormatter.format";

  private NodeLog() {}

  static void sendTo(Path file) throws IOException {
    if (System.getProperty(FORMAT_KEY) == null) {
      System.setProperty(FORMAT_KEY, FORMAT);
    }
    Handler handler = new RotatingFile(file);
    handler.setFormatter(new SimpleFormatter());
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(handler);
    CHATTY.forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
