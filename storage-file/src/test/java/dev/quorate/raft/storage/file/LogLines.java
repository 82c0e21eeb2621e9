package dev.quorate.raft.storage.file;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the storage logs while this is open. */
final class LogLines extends Handler implements AutoCloseable {

  private final Logger logger = Logger.getLogger(FileStorage.class.getPackageName());
  private final List<String> lines = new ArrayList<>();

  private LogLines() {}

  static LogLines listen() {
    LogLines lines = new LogLines();
    lines.logger.addHandler(lines);
    return lines;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord entry) {
    lines.add(entry.getLevel() + " " + new SimpleFormatter().formatMessage(entry));
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
