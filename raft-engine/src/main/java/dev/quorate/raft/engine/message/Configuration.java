package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The members of a group, as an entry of its log says (Ongaro's dissertation, section 4.3). While
 * {@code outgoing} is not empty the configuration is joint and every decision takes a majority of
 * the voters and a majority of the outgoing voters.
 *
 * @param clusterId the cluster
 * @param voters the voters, sorted by id
 * @param outgoing in a joint configuration the voters of the one before, sorted by id; else empty
 * @param learners members without a vote, sorted by id
 */
public record Configuration(
    ClusterId clusterId, List<Member> voters, List<Member> outgoing, List<Member> learners) {

  private static final Comparator<Member> BY_ID = Comparator.comparing(Member::id);

  /**
   * Sorts and copies the lists, and checks that there is a voter and that no list names a node
   * twice.
   */
  public Configuration {
    Objects.requireNonNull(clusterId, "clusterId");
    voters = sorted(voters);
    outgoing = sorted(outgoing);
    learners = sorted(learners);
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("a configuration without a voter");
    }
  }

  /** A configuration that is not joint and has no learners. */
  public static Configuration ofVoters(ClusterId clusterId, List<Member> voters) {
    return new Configuration(clusterId, voters, List.of(), List.of());
  }

  private static List<Member> sorted(List<Member> members) {
    List<Member> copy = new ArrayList<>(members);
    copy.sort(BY_ID);
    for (int i = 1; i < copy.size(); i++) {
      if (copy.get(i - 1).id().equals(copy.get(i).id())) {
        throw new IllegalArgumentException("node " + copy.get(i).id() + " is named twice");
      }
    }
    return List.copyOf(copy);
  }

  /** Whether decisions take two majorities. */
  public boolean isJoint() {
    return !outgoing.isEmpty();
  }

  /** Every member once, voters first, then outgoing voters, then learners. */
  public List<Member> members() {
    List<Member> all = new ArrayList<>(voters);
    outgoing.stream().filter(member -> find(all, member.id()).isEmpty()).forEach(all::add);
    learners.stream().filter(member -> find(all, member.id()).isEmpty()).forEach(all::add);
    return all;
  }

  /** The member of that id, whatever its incarnation. */
  public Optional<Member> member(NodeId id) {
    return find(members(), id);
  }

  /** Whether that node with that disk has a vote, in either half. */
  public boolean isVoter(NodeId id, long incarnation) {
    return names(voters, id, incarnation) || names(outgoing, id, incarnation);
  }

  /** Whether that node with that disk is a member, with a vote or without. */
  public boolean isMember(NodeId id, long incarnation) {
    return isVoter(id, incarnation) || names(learners, id, incarnation);
  }

  private static boolean names(List<Member> members, NodeId id, long incarnation) {
    return find(members, id).filter(member -> member.incarnation() == incarnation).isPresent();
  }

  private static Optional<Member> find(List<Member> members, NodeId id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }
}
