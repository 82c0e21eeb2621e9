package dev.quorate.raft.engine.membership;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipChange.AddMember;
import dev.quorate.raft.api.MembershipChange.Cancel;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipChange.Remove;
import dev.quorate.raft.api.MembershipChange.Replace;
import dev.quorate.raft.api.MembershipChange.UpdateAddress;
import dev.quorate.raft.api.MembershipOutcome.Reason;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Goal;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Turns what a user wishes into the first configuration of a change, or into the reason why not.
 */
public final class Wishes {

  /** How many members there may be. */
  public static final int MAX_MEMBERS = 1_000;

  private final Configuration now;
  private final Function<NodeId, Optional<Member>> waiting;
  private final SortedMap<NodeId, Member> voters = new TreeMap<>();
  private final SortedMap<NodeId, Member> learners = new TreeMap<>();
  private final TreeSet<NodeId> named = new TreeSet<>();

  /** Ends the evaluation; it never leaves this class. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    private Refusal(Reason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }
  }

  private Wishes(Configuration now, Function<NodeId, Optional<Member>> waiting) {
    this.now = now;
    this.waiting = waiting;
    now.voters().forEach(member -> voters.put(member.id(), member));
    now.learners().forEach(member -> learners.put(member.id(), member));
  }

  /**
   * Decides on a change.
   *
   * @param now the effective configuration
   * @param wishes what is wished
   * @param waiting the node of that name that waits to be let in, with its disk and its address
   * @param change the call that asks
   */
  public static Decision decide(
      Configuration now,
      List<MembershipChange> wishes,
      Function<NodeId, Optional<Member>> waiting,
      ChangeId change) {
    try {
      return new Decision.Begin(
          wishes.contains(new Cancel())
              ? cancel(now, wishes, change)
              : new Wishes(now, waiting).fulfil(wishes, change));
    } catch (Refusal refusal) {
      return new Decision.Refuse(refusal.reason, refusal.getMessage());
    }
  }

  private static Configuration cancel(
      Configuration now, List<MembershipChange> wishes, ChangeId change) throws Refusal {
    if (wishes.size() > 1) {
      throw new Refusal(Reason.CONTRADICTION, "giving a change up stands alone");
    }
    if (now.isJoint()) {
      throw new Refusal(
          Reason.CHANGE_UNDER_WAY, "the change has reached the votes and can only go on");
    }
    if (now.goal().isEmpty()) {
      throw new Refusal(Reason.NOTHING_TO_CHANGE, "no change is under way");
    }
    return JointConsensus.cancel(now, change);
  }

  private Configuration fulfil(List<MembershipChange> wishes, ChangeId change) throws Refusal {
    if (now.isChanging()) {
      throw new Refusal(
          Reason.CHANGE_UNDER_WAY,
          now.isJoint()
              ? "a change of voters is under way"
              : "a change is under way that waits for "
                  + ids(JointConsensus.catchingUp(now))
                  + " to catch up");
    }
    for (MembershipChange wish : wishes) {
      fulfil(wish);
    }
    if (voters.isEmpty()) {
      throw new Refusal(Reason.NO_VOTER_LEFT, "no voter would be left");
    }
    if (voters.size() + learners.size() > MAX_MEMBERS) {
      throw new Refusal(
          Reason.TOO_MANY_MEMBERS, "there would be more than " + MAX_MEMBERS + " members");
    }
    Goal goal = new Goal(List.copyOf(voters.values()), List.copyOf(learners.values()));
    if (goal.voters().equals(now.voters()) && goal.learners().equals(now.learners())) {
      throw new Refusal(Reason.NOTHING_TO_CHANGE, "everything is as it is wished already");
    }
    everybodyHasAnAddress();
    return JointConsensus.begin(now, goal, change);
  }

  private void fulfil(MembershipChange wish) throws Refusal {
    if (wish instanceof AddMember add) {
      add(voters, add.node());
    } else if (wish instanceof AddLearner add) {
      add(learners, add.node());
    } else if (wish instanceof Promote promote) {
      move(promote.node(), learners, voters, "a voter");
    } else if (wish instanceof Demote demote) {
      move(demote.node(), voters, learners, "a learner");
    } else if (wish instanceof Remove remove) {
      name(remove.node());
      placeOf(remove.node()).remove(remove.node());
    } else if (wish instanceof Replace replace) {
      replace(replace.member(), replace.newcomer());
    } else {
      UpdateAddress update = (UpdateAddress) wish;
      name(update.node());
      placeOf(update.node())
          .computeIfPresent(update.node(), (id, old) -> old.withAddress(update.address()));
    }
  }

  private void name(NodeId node) throws Refusal {
    if (!named.add(node)) {
      throw new Refusal(Reason.CONTRADICTION, node + " is named by two wishes of one change");
    }
  }

  private void add(SortedMap<NodeId, Member> place, NodeId node) throws Refusal {
    name(node);
    if (voters.containsKey(node) || learners.containsKey(node)) {
      throw new Refusal(
          Reason.ALREADY_A_MEMBER,
          node + " is a member; if its disk was lost, it is readmitted in its own place");
    }
    place.put(node, newcomer(node));
  }

  private void move(
      NodeId node, SortedMap<NodeId, Member> from, SortedMap<NodeId, Member> to, String already)
      throws Refusal {
    name(node);
    if (to.containsKey(node)) {
      throw new Refusal(Reason.ROLE_IS_THE_SAME, node + " is " + already + " already");
    }
    Member member = from.remove(node);
    if (member == null) {
      throw unknown(node);
    }
    to.put(node, member);
  }

  private void replace(NodeId node, NodeId by) throws Refusal {
    name(node);
    SortedMap<NodeId, Member> place = placeOf(node);
    if (!by.equals(node)) {
      place.remove(node);
      add(place, by);
      return;
    }
    Member newcomer = newcomer(node);
    if (newcomer.key().equals(place.put(node, newcomer).key())) {
      throw new Refusal(Reason.ALREADY_A_MEMBER, node + " is a member with the disk it has");
    }
  }

  private SortedMap<NodeId, Member> placeOf(NodeId node) throws Refusal {
    if (voters.containsKey(node)) {
      return voters;
    }
    if (learners.containsKey(node)) {
      return learners;
    }
    throw unknown(node);
  }

  private Refusal unknown(NodeId node) {
    return new Refusal(
        Reason.UNKNOWN_MEMBER,
        node
            + " is no member; voters are "
            + ids(now.voters())
            + ", learners "
            + ids(now.learners()));
  }

  private Member newcomer(NodeId node) throws Refusal {
    Member found =
        waiting
            .apply(node)
            .orElseThrow(
                () ->
                    new Refusal(
                        Reason.NOT_WAITING,
                        node
                            + " does not wait to be let in: start it with an empty disk and the"
                            + " address of a member to join"));
    if (now.removed().contains(found.key())) {
      throw new Refusal(
          Reason.DISK_WAS_REMOVED,
          node + " comes with a disk that was removed before: wipe it and start the node again");
    }
    if (found.level() < now.level()) {
      throw new Refusal(
          Reason.FEATURE_LEVEL,
          node
              + " supports the feature level "
              + found.level()
              + ", but the group is of level "
              + now.level()
              + ": start it with a newer version");
    }
    return found;
  }

  /** Only of those that this change names: what others have had before is no reason to refuse. */
  private void everybodyHasAnAddress() throws Refusal {
    List<Member> all = new ArrayList<>(voters.values());
    all.addAll(learners.values());
    for (Member one : all) {
      for (Member other : all) {
        if (named.contains(one.id())
            && !one.id().equals(other.id())
            && one.address().equals(other.address())) {
          throw new Refusal(
              Reason.ADDRESS_IN_USE,
              one.id() + " would be at " + one.address() + " like " + other.id());
        }
      }
    }
  }

  private static List<NodeId> ids(List<Member> members) {
    return members.stream().map(Member::id).toList();
  }
}
