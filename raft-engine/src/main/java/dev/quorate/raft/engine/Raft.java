package dev.quorate.raft.engine;

/** Starts nodes. */
public final class Raft {
  private Raft() {}
}
