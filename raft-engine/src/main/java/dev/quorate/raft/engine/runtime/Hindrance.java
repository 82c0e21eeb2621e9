package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition.Degraded;
import dev.quorate.raft.api.NodeCondition.Fault;
import dev.quorate.raft.api.storage.StorageFailedException;
import java.util.Optional;

/**
 * Why a node cannot begin with what is on its disk.
 *
 * @param condition the node's from then on
 * @param thrown what it came from, if that is to be in the log
 */
record Hindrance(Degraded condition, Optional<Throwable> thrown) {

  private static final String IF_UNREADABLE =
      ". The node does not serve. Look at the disk and start the node again; if that does not help,"
          + " wipe this node's whole data directory, on a sound disk, and let the node rejoin as a new"
          + " member, one node at a time.";

  /** What is there is wrong; the message says what to do. */
  static Hindrance damage(String message) {
    return new Hindrance(new Degraded(Fault.DAMAGED, message), Optional.empty());
  }

  /** What is there cannot be read, which another read need not meet. */
  static Hindrance unreadable(String message) {
    return damage(message + IF_UNREADABLE);
  }

  /** The disk failed while the log was opened, or before. */
  static Hindrance failure(StorageFailedException e, boolean isNews) {
    return new Hindrance(
        new Degraded(Fault.HALTED, "opening the log failed: " + e.getMessage()),
        isNews ? Optional.of(e) : Optional.empty());
  }
}
