package dev.quorate.raft.engine.membership;

import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The steps from one set of voters to another. Voters change by joint consensus only: between any
 * two configurations that follow each other either the voters are the same, or one of them needs
 * the majorities of both.
 */
public final class JointConsensus {

  /** How many of those who were removed are remembered; it bounds a configuration's length. */
  public static final int MAX_REMOVED = 128;

  private JointConsensus() {}

  /** The first step of a change, from a configuration in which none is under way. */
  public static Configuration begin(Configuration now, Goal goal, ChangeId change) {
    if (now.isChanging()) {
      throw new IllegalArgumentException("a change is under way in " + now);
    }
    TreeSet<MemberId> before = keys(now.voters());
    TreeSet<MemberId> after = keys(goal.voters());
    if (after.equals(before)) {
      return step(now, goal.voters(), List.of(), goal.learners(), Optional.empty(), change);
    }
    if (before.containsAll(after)) {
      return step(now, goal.voters(), now.voters(), goal.learners(), Optional.empty(), change);
    }
    return step(
        now,
        now.voters(),
        List.of(),
        Stream.concat(goal.voters().stream(), goal.learners().stream())
            .filter(member -> !before.contains(member.key()))
            .toList(),
        Optional.of(goal),
        change);
  }

  /** Those who must catch up before the goal can be reached. */
  public static List<Member> catchingUp(Configuration now) {
    if (now.goal().isEmpty()) {
      return List.of();
    }
    return now.goal().stream()
        .flatMap(goal -> goal.voters().stream())
        .filter(member -> !now.isVoter(member.key()))
        .toList();
  }

  /** Those who were to catch up have: the old voters and the new ones decide together. */
  public static Configuration enter(Configuration withGoal) {
    Goal goal = withGoal.goal().orElseThrow();
    return step(
        withGoal,
        goal.voters(),
        withGoal.voters(),
        goal.learners(),
        Optional.empty(),
        withGoal.change());
  }

  /** The joint configuration is committed: the new voters decide alone. */
  public static Configuration leave(Configuration joint) {
    if (!joint.isJoint()) {
      throw new IllegalArgumentException("not joint: " + joint);
    }
    return step(
        joint, joint.voters(), List.of(), joint.learners(), Optional.empty(), joint.change());
  }

  /**
   * The goal is given up. Those who were catching up stay learners, except for new disks of nodes
   * that keep their place with the old one.
   */
  public static Configuration cancel(Configuration withGoal, ChangeId change) {
    withGoal.goal().orElseThrow();
    return step(
        withGoal,
        withGoal.voters(),
        List.of(),
        withGoal.learners().stream()
            .filter(learner -> withGoal.voter(learner.id()).isEmpty())
            .toList(),
        Optional.empty(),
        change);
  }

  private static Configuration step(
      Configuration from,
      List<Member> voters,
      List<Member> outgoing,
      List<Member> learners,
      Optional<Goal> goal,
      ChangeId change) {
    Configuration next =
        new Configuration(
            from.clusterId(),
            from.level(),
            voters,
            outgoing,
            learners,
            goal,
            change,
            from.removed());
    List<MemberId> removed = new ArrayList<>(from.removed());
    for (Member member : from.members()) {
      if (!next.isMember(member.key())) {
        removed.add(member.key());
      }
    }
    return new Configuration(
        from.clusterId(),
        from.level(),
        voters,
        outgoing,
        learners,
        goal,
        change,
        removed.subList(Math.max(0, removed.size() - MAX_REMOVED), removed.size()));
  }

  private static TreeSet<MemberId> keys(List<Member> members) {
    TreeSet<MemberId> keys = new TreeSet<>();
    members.forEach(member -> keys.add(member.key()));
    return keys;
  }
}
