package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipChange.AddMember;
import dev.quorate.raft.api.MembershipChange.Cancel;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipChange.Remove;
import dev.quorate.raft.api.MembershipChange.Replace;
import dev.quorate.raft.api.MembershipChange.UpdateAddress;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ChangeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the operator asked for and was told (I15): a change that is said to be complete is in the
 * log as it was said, has brought what was wished, is nobody else's, and if it was conditional on a
 * version then that is the one it followed.
 */
public final class ChangeHistory {

  private final List<Change> changes = new ArrayList<>();

  /** A change that somebody asked for. */
  public static final class Change {
    private final NodeId node;
    private final int boot;
    private final long version;
    private final List<MembershipChange> wishes;
    private MembershipOutcome outcome;

    private Change(NodeId node, int boot, long version, List<MembershipChange> wishes) {
      this.node = node;
      this.boot = boot;
      this.version = version;
      this.wishes = List.copyOf(wishes);
    }

    /** Who was asked. */
    public NodeId node() {
      return node;
    }

    /** Which process of it. */
    public int boot() {
      return boot;
    }

    /** Its end. */
    public void ended(MembershipOutcome end) {
      outcome = end;
    }

    @Override
    public String toString() {
      return "if " + version + ": " + wishes + " at " + node + ": " + outcome;
    }
  }

  /**
   * A change is asked for.
   *
   * @param version the version that the members must be of, or 0
   */
  public Change asked(NodeId node, int boot, long version, List<MembershipChange> wishes) {
    Change change = new Change(node, boot, version, wishes);
    changes.add(change);
    return change;
  }

  /** How many changes have no end yet, of those that can have one. */
  public long open(Predicate<Change> mayEnd) {
    return changes.stream().filter(it -> it.outcome == null && mayEnd.test(it)).count();
  }

  /** How many changes came about. */
  public int changed() {
    return (int)
        changes.stream().filter(it -> it.outcome instanceof MembershipOutcome.Changed).count();
  }

  /** In the end: judges what callers were told by what is committed. */
  public void judge(NavigableMap<Long, Configuration> committed) {
    Set<ChangeId> known = new HashSet<>();
    for (Change change : changes) {
      if (change.outcome instanceof MembershipOutcome.Changed changed) {
        judge(change, changed.membership(), committed, known);
      }
    }
  }

  private static void judge(
      Change change,
      Membership told,
      NavigableMap<Long, Configuration> committed,
      Set<ChangeId> known) {
    require(told.committed() && committed.containsKey(told.version()), change, "is not committed");
    Configuration now = committed.get(told.version());
    require(!now.isChanging() && says(told, now), change, "is in the log as " + now);
    require(known.add(now.change()), change, "is another's change");
    change.wishes.forEach(wish -> require(isFulfilled(wish, now), change, "is not in " + now));
    Map.Entry<Long, Configuration> first = committed.higherEntry(change.version);
    require(
        change.version == 0 || first.getValue().change().equals(now.change()),
        change,
        "comes after " + first);
  }

  private static void require(boolean holds, Change change, String what) {
    Violation.unless(
        holds, "I15", () -> "a change that is said to be complete " + what + ": " + change);
  }

  private static boolean says(Membership told, Configuration now) {
    return keys(told, MemberStatus.Standing.VOTER).equals(keys(now.voters()))
        && keys(told, MemberStatus.Standing.LEARNER).equals(keys(now.learners()));
  }

  private static List<MemberId> keys(Membership told, MemberStatus.Standing standing) {
    return told.members().stream()
        .filter(member -> member.standing() == standing)
        .map(member -> new MemberId(member.node(), member.incarnation()))
        .toList();
  }

  private static List<MemberId> keys(List<Member> members) {
    return members.stream().map(Member::key).toList();
  }

  private static boolean isFulfilled(MembershipChange wish, Configuration now) {
    if (wish instanceof AddMember add) {
      return names(now.voters(), add.node());
    } else if (wish instanceof AddLearner add) {
      return names(now.learners(), add.node());
    } else if (wish instanceof Promote promote) {
      return names(now.voters(), promote.node());
    } else if (wish instanceof Demote demote) {
      return names(now.learners(), demote.node());
    } else if (wish instanceof Remove remove) {
      return !names(now.members(), remove.node());
    } else if (wish instanceof Replace replace) {
      return names(now.members(), replace.newcomer())
          && (replace.member().equals(replace.newcomer())
              || !names(now.members(), replace.member()));
    }
    if (wish instanceof UpdateAddress update) {
      return now.members().stream()
          .anyMatch(
              member ->
                  member.id().equals(update.node()) && member.address().equals(update.address()));
    }
    return !(wish instanceof Cancel) || now.goal().isEmpty();
  }

  private static boolean names(List<Member> members, NodeId node) {
    return members.stream().anyMatch(member -> member.id().equals(node));
  }
}
