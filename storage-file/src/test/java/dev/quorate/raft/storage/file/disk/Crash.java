package dev.quorate.raft.storage.file.disk;

/** The process died in the middle of a call. An error, so that nothing catches it and goes on. */
public final class Crash extends Error {

  private static final long serialVersionUID = 1L;

  Crash(String operation) {
    super("crash at " + operation);
  }
}
