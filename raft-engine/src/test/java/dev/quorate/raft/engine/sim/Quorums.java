package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.MemberStatus;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ConfigurationCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.engine.message.MemberId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who may decide: I6 (what is committed is durable on a majority of each half), I10 (one
 * configuration at a time is undecided, and neighbours meet) and I11 (nobody else is counted).
 */
final class Quorums {

  private final Map<NodeId, SimStorage> storages;
  private final Map<NodeId, Long> judgedVersions = new HashMap<>();

  Quorums(Map<NodeId, SimStorage> storages) {
    this.storages = storages;
  }

  /** A leader's log, as an index of it is known to be committed: I10. */
  void leads(NodeId id, long version, long commitIndex, List<LogEntry> log) {
    Long judged = judgedVersions.put(id, version);
    if (judged != null && judged == version) {
      return;
    }
    SortedMap<Long, Configuration> all = configurations(log);
    Invariants.check(
        all.tailMap(commitIndex + 1).size() <= 1,
        "I10",
        () ->
            id + " has several undecided configurations: " + all.tailMap(commitIndex + 1).keySet());
    Configuration last = null;
    for (Configuration next : all.values()) {
      Configuration before = last;
      Invariants.check(
          before == null || meet(before, next), "I10", () -> next + " does not follow " + before);
      last = next;
    }
  }

  private static boolean meet(Configuration before, Configuration next) {
    if (next.isJoint()) {
      return !before.isJoint() && keys(next.outgoing()).equals(keys(before.voters()));
    }
    return keys(next.voters()).equals(keys(before.voters()));
  }

  private static List<MemberId> keys(List<Member> members) {
    return members.stream().map(Member::key).toList();
  }

  /** A leader was elected, by the configuration that its log had before it led: I11. */
  void elected(NodeId id, List<LogEntry> log, Function<MemberId, MemberId> voteOf) {
    Configuration electorate = configurations(log).lastEntry().getValue();
    MemberId self = new MemberId(id, storages.get(id).incarnation());
    Invariants.check(
        isQuorum(
            electorate,
            voter -> voter.key().equals(self) || self.equals(voteOf.apply(voter.key()))),
        "I11",
        () -> id + " leads without the votes of " + electorate);
  }

  /**
   * A leader holds an entry committed: I6. It decided by the configuration that it had when it was
   * looked at last, or by one that it has added since, the newest of which may still be on its way
   * to its disk.
   */
  void commits(
      NodeId id, LogEntry last, long lastIndexThen, List<LogEntry> log, Membership present) {
    TreeMap<Long, Configuration> all = configurations(log);
    Long then = all.floorKey(lastIndexThen);
    boolean decided =
        all.tailMap(then == null ? 0 : then).values().stream()
            .anyMatch(configuration -> isQuorum(configuration, member -> holds(member, last)));
    boolean decidedByUnwritten =
        present.version() > all.lastKey()
            && present.phase() != Membership.Phase.JOINT
            && isMajority(voters(present), member -> holds(member, last));
    Invariants.check(
        decided || decidedByUnwritten,
        "I6",
        () -> id + " commits " + last + " without a quorum of " + present);
  }

  private static List<Member> voters(Membership membership) {
    return membership.members().stream()
        .filter(member -> member.standing() == MemberStatus.Standing.VOTER)
        .map(member -> new Member(member.node(), member.incarnation(), member.address()))
        .toList();
  }

  private boolean holds(Member member, LogEntry entry) {
    SimStorage storage = storages.get(member.id());
    List<LogEntry> durable = storage.disk().durableEntries();
    return storage.incarnation() == member.incarnation()
        && durable.size() >= entry.index()
        && durable.get((int) entry.index() - 1).equals(entry);
  }

  private static boolean isQuorum(Configuration configuration, Predicate<Member> counts) {
    return isMajority(configuration.voters(), counts)
        && (!configuration.isJoint() || isMajority(configuration.outgoing(), counts));
  }

  private static boolean isMajority(List<Member> voters, Predicate<Member> counts) {
    return 2 * voters.stream().filter(counts).count() > voters.size();
  }

  private static TreeMap<Long, Configuration> configurations(List<LogEntry> log) {
    TreeMap<Long, Configuration> all = new TreeMap<>();
    for (LogEntry entry : log) {
      if (entry.type() == LogEntry.Type.CONFIGURATION) {
        try {
          all.put(entry.index(), ConfigurationCodec.decode(entry.payload()));
        } catch (DecodeException e) {
          throw new AssertionError(e);
        }
      }
    }
    return all;
  }
}
