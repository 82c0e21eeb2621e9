package dev.quorate.raft.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** A log that is looked at. */
final class Lines implements System.Logger {

  private final List<String> logged = new ArrayList<>();

  List<String> logged() {
    return logged;
  }

  @Override
  public String getName() {
    return "lines";
  }

  @Override
  public boolean isLoggable(Level level) {
    return true;
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
    logged.add(message + (thrown == null ? "" : ": " + thrown.getMessage()));
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
    logged.add(format);
  }
}
