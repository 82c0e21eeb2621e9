package dev.quorate.raft.transport.grpc.net;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What gRPC and Netty say by their own loggers at INFO and above, and an application gets to see.
 */
final class GrpcsOwnLog extends Handler {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Held, because the log manager forgets loggers that nobody holds, with their handlers. */
  private final List<Logger> loggers =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

  GrpcsOwnLog() {
    loggers.forEach(logger -> logger.addHandler(this));
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.INFO.intValue()) {
      lines.add(
          line.getLevel()
              + " "
              + line.getLoggerName()
              + " "
              + line.getMessage()
              + " "
              + line.getThrown());
    }
  }

  @Override
  public void flush() {
    // Nothing waits.
  }

  /** Ends the listening. */
  @Override
  public void close() {
    loggers.forEach(logger -> logger.removeHandler(this));
  }

  /** What was said so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }
}
