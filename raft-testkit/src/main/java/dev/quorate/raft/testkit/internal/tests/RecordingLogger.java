package dev.quorate.raft.testkit.internal.tests;

import java.lang.System.Logger;
import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is logged at INFO and above. */
public final class RecordingLogger implements Logger {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public String getName() {
    return "recording";
  }

  @Override
  public boolean isLoggable(Level level) {
    return level.getSeverity() >= Level.INFO.getSeverity();
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
    if (isLoggable(level)) {
      lines.add(level + " " + message + (thrown == null ? "" : " " + thrown));
    }
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... params) {
    if (isLoggable(level)) {
      boolean plain = params == null || params.length == 0;
      lines.add(level + " " + (plain ? format : MessageFormat.format(format, params)));
    }
  }

  /** The lines that contain a text. */
  public List<String> linesWith(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }
}
