package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipChange.AddLearner;
import dev.quorate.raft.api.MembershipChange.AddMember;
import dev.quorate.raft.api.MembershipChange.Demote;
import dev.quorate.raft.api.MembershipChange.Promote;
import dev.quorate.raft.api.MembershipChange.Remove;
import dev.quorate.raft.api.MembershipChange.Replace;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Who has a vote and who has none, if wishes come true: said once more, from nothing but them. */
final class Roster {

  private final TreeMap<NodeId, MemberId> voters = new TreeMap<>();
  private final TreeMap<NodeId, MemberId> learners = new TreeMap<>();

  private Roster(Configuration now) {
    for (Member member : now.goal().map(goal -> goal.voters()).orElse(now.voters())) {
      voters.put(member.id(), member.key());
    }
    for (Member member : now.goal().map(goal -> goal.learners()).orElse(now.learners())) {
      learners.put(member.id(), member.key());
    }
  }

  /**
   * Who has a vote once these wishes have come true.
   *
   * @param present the present disk of a node
   */
  static Set<MemberId> votersAfter(
      Configuration now, List<MembershipChange> wishes, Function<NodeId, MemberId> present) {
    Roster roster = new Roster(now);
    wishes.forEach(wish -> roster.fulfil(wish, present));
    return new TreeSet<>(roster.voters.values());
  }

  private void fulfil(MembershipChange wish, Function<NodeId, MemberId> present) {
    if (wish instanceof AddMember add) {
      voters.put(add.node(), present.apply(add.node()));
    } else if (wish instanceof AddLearner add) {
      learners.put(add.node(), present.apply(add.node()));
    } else if (wish instanceof Promote promote) {
      move(promote.node(), learners, voters);
    } else if (wish instanceof Demote demote) {
      move(demote.node(), voters, learners);
    } else if (wish instanceof Remove remove) {
      voters.remove(remove.node());
      learners.remove(remove.node());
    } else if (wish instanceof Replace replace) {
      TreeMap<NodeId, MemberId> place = voters.containsKey(replace.member()) ? voters : learners;
      place.remove(replace.member());
      place.put(replace.newcomer(), present.apply(replace.newcomer()));
    }
  }

  private static void move(
      NodeId node, TreeMap<NodeId, MemberId> from, TreeMap<NodeId, MemberId> to) {
    MemberId member = from.remove(node);
    if (member != null) {
      to.put(node, member);
    }
  }
}
