package dev.quorate.raft.tools.verify;

/** What to do about damage, which is the same for several rules. */
final class Advice {

  static final String WIPE =
      "The checksums are right, so the disk gave back what was written: the program that wrote it is at"
          + " fault, or somebody edited the file. Keep a copy for a report, wipe this node's whole data"
          + " directory, and let the node rejoin as a new member, one node at a time.";

  private Advice() {}
}
