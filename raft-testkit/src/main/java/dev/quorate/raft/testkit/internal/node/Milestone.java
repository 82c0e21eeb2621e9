package dev.quorate.raft.testkit.internal.node;

/** What a node has just come to: a good time to strike. */
public enum Milestone {
  /** Its process was started. */
  STARTED,
  /** It was elected. */
  ELECTED
}
