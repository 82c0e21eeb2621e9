package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Predicate;

/**
 * Who may decide: I6 (what a leader commits is of its term, and durable on a majority of each half
 * of its configuration), I10 (configurations that follow each other have a majority in common, one
 * at a time is undecided, and a node goes by the last in its log) and I11 (nobody else is counted).
 */
final class Quorums {

  /** The founding entry is the same everywhere before anybody votes (rule P1). */
  private static final long FOUNDING_INDEX = 1;

  private final Holders holders;
  private final Map<NodeId, Configuration> judged = new HashMap<>();
  private long decidedTo = FOUNDING_INDEX;

  /** Knows what is on the disks. */
  @FunctionalInterface
  interface Holders {
    /** Whether that disk has, or had until it was lost, an entry of that term at that index. */
    boolean hold(MemberId disk, long index, long term);
  }

  Quorums(Holders holders) {
    this.holders = holders;
  }

  /** It begins with what was decided elsewhere up to an index. */
  void restored(long index) {
    decidedTo = index;
  }

  /** The highest index that a leader has committed. */
  long decidedTo() {
    return decidedTo;
  }

  /**
   * I6: a leader commits an index.
   *
   * @param inForce the configurations that it went by within the turn that is over
   */
  void decides(NodeId leader, long term, long index, Collection<Configuration> inForce) {
    Violation.unless(
        inForce.stream().anyMatch(of -> isQuorum(of, disk -> holders.hold(disk, index, term))),
        "I6",
        () ->
            leader
                + " commits "
                + index
                + " in term "
                + term
                + " without a quorum that has an entry of that term there, of "
                + inForce);
    decidedTo = Math.max(decidedTo, index);
  }

  /** I6: a node that does not lead holds an index committed: a leader has said so. */
  void learns(NodeId id, long index) {
    Violation.unless(
        index <= decidedTo, "I6", () -> id + " commits " + index + ", decided is " + decidedTo);
  }

  /** I10: what configurations a log has. */
  void stored(NodeId id, NavigableMap<Long, Configuration> log) {
    if (log.isEmpty() || judged.put(id, log.lastEntry().getValue()) == log.lastEntry().getValue()) {
      return;
    }
    Map.Entry<Long, Configuration> before = null;
    for (Map.Entry<Long, Configuration> next : log.entrySet()) {
      judge(id, before, next);
      before = next;
    }
  }

  private void judge(
      NodeId id, Map.Entry<Long, Configuration> before, Map.Entry<Long, Configuration> next) {
    if (before != null) {
      Violation.unless(
          before.getKey() <= decidedTo,
          "I10",
          () -> id + " has " + next + " while " + before + " is undecided");
      Violation.unless(
          meet(before.getValue(), next.getValue()),
          "I10",
          () -> id + " has " + next + " behind " + before + ": both may decide, and do not meet");
    }
  }

  /** A change of the voters begins with both, and ends with the new ones. */
  private static boolean meet(Configuration before, Configuration next) {
    return next.isJoint()
        ? !before.isJoint() && keys(next.outgoing()).equals(keys(before.voters()))
        : keys(next.voters()).equals(keys(before.voters()));
  }

  private static List<MemberId> keys(List<Member> members) {
    return members.stream().map(Member::key).toList();
  }

  /** I10: a node goes by the configuration of that version, and its log has these. */
  void goesBy(NodeId id, long version, NavigableMap<Long, Configuration> log) {
    Violation.unless(
        log.isEmpty() || log.lastKey() == version,
        "I10",
        () -> id + " goes by the configuration at " + version + " instead of " + log.lastEntry());
  }

  /** I11: a leader was elected, by the configuration that its log had then. */
  void elected(MemberId leader, long term, Configuration electorate, Predicate<MemberId> voted) {
    Violation.unless(
        isQuorum(electorate, voter -> voter.equals(leader) || voted.test(voter)),
        "I11",
        () -> leader + " leads in term " + term + " without the votes of " + electorate);
  }

  private static boolean isQuorum(Configuration of, Predicate<MemberId> counts) {
    return isMajority(of.voters(), counts) && (!of.isJoint() || isMajority(of.outgoing(), counts));
  }

  private static boolean isMajority(List<Member> voters, Predicate<MemberId> counts) {
    return 2 * voters.stream().filter(voter -> counts.test(voter.key())).count() > voters.size();
  }
}
