package dev.quorate.examples.nodes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that the nodes of this process log until it is closed, and what is thrown with it. */
final class LogRecords extends Handler implements AutoCloseable {

  private static final Logger LOGGER = Logger.getLogger("dev.quorate");

  private final List<LogRecord> all = new CopyOnWriteArrayList<>();

  LogRecords() {
    LOGGER.addHandler(this);
  }

  @Override
  public void publish(LogRecord line) {
    all.add(line);
  }

  @Override
  public void flush() {
    // Nothing waits.
  }

  @Override
  public void close() {
    LOGGER.removeHandler(this);
  }

  /** The lines that a reader would find by these words. */
  List<LogRecord> with(String words) {
    SimpleFormatter formatter = new SimpleFormatter();
    return all.stream().filter(line -> formatter.format(line).contains(words)).toList();
  }
}
