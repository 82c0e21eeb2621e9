package dev.quorate.raft.tools.cli;

/** What the commands end with. */
final class ExitCode {

  /** All is sound, and what was asked was done. */
  static final int SOUND = 0;

  /** Something is damaged; the lines say what. */
  static final int DAMAGED = 1;

  /** The command was not understood. */
  static final int USAGE = 2;

  /** Nothing can be said: the directory is in use, absent, of a newer version, or unreadable. */
  static final int CANNOT_READ = 3;

  private ExitCode() {}
}
