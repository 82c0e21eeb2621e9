package dev.quorate.raft.api;

/**
 * What a node is in its group at the moment (Ongaro's dissertation, figure 3.3 and section 9.6).
 */
public enum Role {
  /** Follows the leader, if there is one. */
  FOLLOWER,
  /** Asks whether it could win an election, without raising its term. */
  PRE_CANDIDATE,
  /** Stands for election in its term. */
  CANDIDATE,
  /** Leads in its term. */
  LEADER,
  /** Receives the log, but has no vote. */
  LEARNER
}
