package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.engine.message.FeatureLevel;

/**
 * The version of the product on a machine: which feature level its processes support (rule P18). A
 * process keeps the version that it was started as.
 */
public final class MachineVersion {

  /** No run comes to a higher level. */
  public static final int NEWEST_LEVEL = 3;

  private int installed = FeatureLevel.FIRST;
  private int running = FeatureLevel.FIRST;
  private int highest = FeatureLevel.FIRST;

  MachineVersion() {}

  /** The level that the next process supports. */
  public int installed() {
    return installed;
  }

  /** The next process is of a version that supports that level. */
  public void install(int level) {
    installed = level;
  }

  /**
   * The next process is of the newest version that any was of: what the machine has said that it
   * supports may still be on its way, and may be relied upon.
   */
  public void installHighest() {
    installed = highest;
  }

  /** Whether the present process, and the next, are of the newest version that any was of. */
  public boolean isHighest() {
    return running == highest && installed == highest;
  }

  /** A process begins. */
  void booted() {
    running = installed;
    highest = Math.max(highest, running);
  }

  /** The level that the present process supports, or the last one. */
  public int running() {
    return running;
  }
}
