package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The members of a group, as an entry of its log says (Ongaro's dissertation, section 4.3). While
 * {@code outgoing} is not empty the configuration is joint and every decision takes a majority of
 * the voters and a majority of the outgoing voters.
 *
 * <p>No list names a node twice, but two lists may name it with different disks, while one takes
 * the other's place.
 *
 * <p>The group's feature level is not above that of any member (rule P18).
 *
 * @param clusterId the cluster
 * @param level the group's feature level
 * @param voters the voters, sorted by id
 * @param outgoing in a joint configuration the voters of the one before, sorted by id; else empty
 * @param learners members without a vote, sorted by id; those who lose theirs are named in {@code
 *     outgoing} as well
 * @param goal what the configuration is to become as soon as some learners have caught up
 * @param change the call that asked for it
 * @param removed who was removed last, oldest first: they never come back (rule P18)
 */
public record Configuration(
    ClusterId clusterId,
    int level,
    List<Member> voters,
    List<Member> outgoing,
    List<Member> learners,
    Optional<Goal> goal,
    ChangeId change,
    List<MemberId> removed) {

  private static final Comparator<Member> BY_ID = Comparator.comparing(Member::id);

  /**
   * Sorts and copies the lists, and checks that there is a voter and that no list names a node
   * twice.
   */
  public Configuration {
    Objects.requireNonNull(clusterId, "clusterId");
    Objects.requireNonNull(goal, "goal");
    Objects.requireNonNull(change, "change");
    voters = sorted(voters);
    outgoing = sorted(outgoing);
    learners = sorted(learners);
    removed = List.copyOf(removed);
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("a configuration without a voter");
    }
    if (!outgoing.isEmpty() && goal.isPresent()) {
      throw new IllegalArgumentException("a joint configuration with a goal");
    }
    if (level < FeatureLevel.FIRST || level > lowest(voters, outgoing, learners)) {
      throw new IllegalArgumentException("level " + level + " of members with a lower one");
    }
  }

  /** A configuration that nobody asked for and that has no history. */
  public Configuration(
      ClusterId clusterId, List<Member> voters, List<Member> outgoing, List<Member> learners) {
    this(
        clusterId,
        FeatureLevel.FIRST,
        voters,
        outgoing,
        learners,
        Optional.empty(),
        ChangeId.NONE,
        List.of());
  }

  /** A configuration that is not joint and has no learners. */
  public static Configuration ofVoters(ClusterId clusterId, List<Member> voters) {
    return new Configuration(clusterId, voters, List.of(), List.of());
  }

  static List<Member> sorted(List<Member> members) {
    List<Member> copy = new ArrayList<>(members);
    copy.sort(BY_ID);
    for (int i = 1; i < copy.size(); i++) {
      if (copy.get(i - 1).id().equals(copy.get(i).id())) {
        throw new IllegalArgumentException("node " + copy.get(i).id() + " is named twice");
      }
    }
    return List.copyOf(copy);
  }

  /** A configuration that is not joint and has no learners, of a group that had a level before. */
  public static Configuration ofVoters(ClusterId clusterId, int level, List<Member> voters) {
    return ofVoters(clusterId, voters).withLevels(level, voter -> voter);
  }

  /** The same members at another level, and with what they have declared since. */
  public Configuration withLevels(int groups, UnaryOperator<Member> declared) {
    return new Configuration(
        clusterId,
        groups,
        voters.stream().map(declared).toList(),
        outgoing.stream().map(declared).toList(),
        learners.stream().map(declared).toList(),
        goal,
        change,
        removed);
  }

  /** The lowest level that any of those has declared. */
  public static int lowest(List<Member> voters, List<Member> outgoing, List<Member> learners) {
    return Stream.of(voters, outgoing, learners)
        .flatMap(List::stream)
        .mapToInt(Member::level)
        .min()
        .orElse(FeatureLevel.MAX);
  }

  /** Whether decisions take two majorities. */
  public boolean isJoint() {
    return !outgoing.isEmpty();
  }

  /** Whether a change has begun that is not complete. */
  public boolean isChanging() {
    return isJoint() || goal.isPresent();
  }

  /** Every member once, by id and disk: voters first, then outgoing voters, then learners. */
  public List<Member> members() {
    TreeMap<MemberId, Member> seen = new TreeMap<>();
    List<Member> all = new ArrayList<>();
    for (List<Member> some : List.of(voters, outgoing, learners)) {
      for (Member member : some) {
        if (seen.putIfAbsent(member.key(), member) == null) {
          all.add(member);
        }
      }
    }
    return all;
  }

  /** The member of that id and disk. */
  public Optional<Member> member(MemberId key) {
    return find(voters, key).or(() -> find(outgoing, key)).or(() -> find(learners, key));
  }

  /** The voter of that id, in the half that stays if there are two. */
  public Optional<Member> voter(NodeId id) {
    return find(voters, id).or(() -> find(outgoing, id));
  }

  /** Whether that node with that disk has a vote, in either half. */
  public boolean isVoter(MemberId key) {
    return find(voters, key).isPresent() || find(outgoing, key).isPresent();
  }

  /** Whether that node with that disk is a member, with a vote or without. */
  public boolean isMember(MemberId key) {
    return member(key).isPresent();
  }

  private static Optional<Member> find(List<Member> members, MemberId key) {
    return find(members, key.node()).filter(found -> found.incarnation() == key.incarnation());
  }

  private static Optional<Member> find(List<Member> members, NodeId id) {
    for (Member member : members) {
      if (member.id().equals(id)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }
}
