package dev.quorate.raft.tools.report;

/** Where lines go. */
@FunctionalInterface
public interface Report {

  /** Says a line. */
  void say(Line line);
}
