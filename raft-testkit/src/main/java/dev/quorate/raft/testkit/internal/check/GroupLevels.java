package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.Configuration;
import dev.quorate.raft.engine.message.FeatureLevel;
import dev.quorate.raft.engine.message.Member;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The feature level of a group (rule P18): it never falls; it is no higher than what every member,
 * learners included, has declared; nobody is said to support what it never did; and no process
 * applies what raised it above what its version supports.
 */
final class GroupLevels {

  private final Map<NodeId, Integer> running = new HashMap<>();
  private final Map<NodeId, Integer> highest = new HashMap<>();
  private final Map<NodeId, Configuration> judged = new HashMap<>();

  /** A process begins, of a version that supports that level. */
  void runs(NodeId id, int level) {
    running.put(id, level);
    highest.merge(id, level, Math::max);
  }

  /** What configurations a log has. */
  void stored(NodeId id, NavigableMap<Long, Configuration> log) {
    if (log.isEmpty() || judged.put(id, log.lastEntry().getValue()) == log.lastEntry().getValue()) {
      return;
    }
    int before = FeatureLevel.FIRST;
    for (Configuration next : log.values()) {
      judge(id, before, next);
      before = next.level();
    }
  }

  private void judge(NodeId id, int before, Configuration next) {
    Violation.unless(
        next.level() >= before, "P18", () -> id + " has " + next + " behind level " + before);
    for (Member member : next.members()) {
      Violation.unless(
          next.level() <= member.level(),
          "P18",
          () -> id + " has a level that " + member + " has not declared: " + next);
      Violation.unless(
          member.level() <= highest.getOrDefault(member.id(), FeatureLevel.FIRST),
          "P18",
          () -> id + " has a level of " + member + " that it never supported: " + next);
    }
  }

  /** A node has applied its log, which has these configurations, up to an index. */
  void applied(NodeId id, long index, NavigableMap<Long, Configuration> log) {
    Map.Entry<Long, Configuration> last = log.floorEntry(index);
    Violation.unless(
        last == null || last.getValue().level() <= running.get(id),
        "P18",
        () -> id + ", of level " + running.get(id) + ", has applied " + last);
  }
}
