package dev.quorate.chat.demo;

/** The demo cannot start or go on; the message is one line for the person who typed the command. */
public final class DemoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private DemoException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The options or the answers given make no sense. */
  static DemoException usage(String message) {
    return new DemoException(ExitCode.USAGE, message);
  }

  /** The options are fine, this machine or the other one is not. */
  static DemoException failure(String message) {
    return new DemoException(ExitCode.FAILURE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
