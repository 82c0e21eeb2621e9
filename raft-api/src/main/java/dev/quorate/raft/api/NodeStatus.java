package dev.quorate.raft.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A node's view of itself and of its group at one moment.
 *
 * @param node the node
 * @param cluster the cluster's name
 * @param clusterId the cluster's random id, 32 hexadecimal digits; empty until the cluster is
 *     formed
 * @param group the group's id
 * @param condition whether the node can do its work
 * @param role what it is in its group
 * @param term its current term
 * @param leader the leader of that term, as far as it is known
 * @param commitIndex the highest index that it knows to be committed
 * @param appliedIndex the highest index that its state machine has applied
 * @param lastIndex the last index of its log
 * @param durableIndex the highest index of its log that is forced to its disk
 * @param snapshotIndex the index of its newest snapshot, 0 if it has none
 * @param voters the voters of its effective configuration, sorted
 * @param peers the other members' progress; empty unless this node leads
 * @param membership who is in the group with which standing, and what is changing
 * @param settings the settings that all members share, as of the last applied entry; empty until
 *     the first are applied
 */
public record NodeStatus(
    NodeId node,
    String cluster,
    String clusterId,
    String group,
    NodeCondition condition,
    Role role,
    long term,
    Optional<NodeId> leader,
    long commitIndex,
    long appliedIndex,
    long lastIndex,
    long durableIndex,
    long snapshotIndex,
    List<NodeId> voters,
    List<PeerStatus> peers,
    Membership membership,
    Optional<GroupSettings> settings) {

  /** Copies the lists and checks that nothing is missing. */
  public NodeStatus {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(clusterId, "clusterId");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(leader, "leader");
    voters = List.copyOf(voters);
    peers = List.copyOf(peers);
    Objects.requireNonNull(membership, "membership");
    Objects.requireNonNull(settings, "settings");
  }
}
