package dev.quorate.raft.api;

import java.util.Optional;

/**
 * Hears of changes of role and leadership. Calls come one at a time and in order, on an executor of
 * their own, so that a listener may call the node and may block without delaying consensus. They
 * tell of the past: by the time of the call the node may have moved on.
 */
public interface RaftListener {

  /**
   * The node's role changed.
   *
   * @param role the new role
   * @param term the term in which it took that role
   */
  default void onRoleChanged(Role role, long term) {}

  /**
   * The node learnt of a leader, or lost the one it knew.
   *
   * @param leader the leader, or empty
   * @param term the term
   */
  default void onLeaderChanged(Optional<NodeId> leader, long term) {}

  /**
   * The node's condition changed.
   *
   * @param condition the new condition
   */
  default void onConditionChanged(NodeCondition condition) {}
}
