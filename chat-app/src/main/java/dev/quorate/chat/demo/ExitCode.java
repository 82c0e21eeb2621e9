package dev.quorate.chat.demo;

/** What the demo's process says to the one who started it. */
final class ExitCode {
  /** A normal end. */
  static final int OK = 0;

  /** It could not start, or could not keep running. */
  static final int FAILURE = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** Standard input was no terminal, and a {@code test} failed. */
  static final int TEST_FAILED = 3;

  /** Ctrl-C: 128 and the number of the signal, as shells say it. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
