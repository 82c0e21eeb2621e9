package dev.quorate.raft.testkit.disk;

import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A file or a directory: what all see (the page cache), what is on the disk, and what separates the
 * two.
 */
abstract sealed class Node permits FileNode, DirectoryNode {

  /** The absolute path under which it is seen, or was last. */
  private String path = "";

  /** How many channels of the living process are open on it. */
  private int open;

  private boolean unlinked;

  final String path() {
    return path;
  }

  /** Called whenever the place at which it is seen changes. */
  void moved(String to) {
    path = to;
  }

  final int open() {
    return open;
  }

  final void opened(int change) {
    open += change;
  }

  final boolean unlinked() {
    return unlinked;
  }

  final void unlink() {
    unlinked = true;
  }

  /** The process is dead: its channels and locks are gone. */
  void released() {
    open = 0;
    unlinked = false;
  }

  /** Whether anything separates what is seen from what is on the disk and would be forced. */
  abstract boolean pending();

  /** Everything pending becomes durable. */
  abstract void force();

  /** Some of what is pending becomes durable: what a crash within a force leaves. */
  abstract void forcePartly(RandomGenerator random);

  /** Everything pending is marked as durable and is not: what a failed force leaves. */
  abstract void forget();

  /** Only what is on the disk is left; any part of what is pending may have reached it. */
  abstract PowerLoss losePower(RandomGenerator random);

  /** How many pages of the disk it takes, with all that is below it. */
  abstract long allocatedPages();

  /**
   * A copy of this and of all below it.
   *
   * @param done what was copied already, because a name may be seen and be on the disk in two
   *     places
   */
  abstract Node copy(Map<Node, Node> done);
}
