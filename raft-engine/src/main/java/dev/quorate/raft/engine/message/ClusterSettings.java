package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that decide what applying an entry comes to, and which all members therefore share
 * (rule P12). They are entries of the log. A node's own keys are only what the first of these
 * entries is made of.
 *
 * @param version how often they were set; 0 before the first entry
 * @param maxSessions how many client sessions there may be
 * @param maxResults how many results are kept for a session
 * @param maxResultBytes how many bytes of results are kept for a session before it may add another
 * @param sessionTimeoutMillis after how much cluster time without a request a session expires
 * @param lease whether voters promise their leader to elect nobody else for a while (rule P9)
 * @param priorities who is to lead rather than others, by name, sorted; 0 for those not named
 */
public record ClusterSettings(
    long version,
    int maxSessions,
    int maxResults,
    long maxResultBytes,
    long sessionTimeoutMillis,
    boolean lease,
    SortedMap<NodeId, Integer> priorities) {

  /** Before there are any: no session can be opened, and nobody promises anything. */
  public static final ClusterSettings NONE = new ClusterSettings(0, 0, 0, 0, 0, false);

  /** Sorts and copies the priorities, and checks that nothing is negative. */
  public ClusterSettings {
    priorities = Collections.unmodifiableSortedMap(new TreeMap<>(priorities));
    if (version < 0
        || maxSessions < 0
        || maxResults < 0
        || maxResultBytes < 0
        || sessionTimeoutMillis < 0) {
      throw new IllegalArgumentException("a negative setting in version " + version);
    }
    for (Map.Entry<NodeId, Integer> preferred : priorities.entrySet()) {
      if (preferred.getValue() < 1) {
        throw new IllegalArgumentException(
            "priority " + preferred.getValue() + " of " + preferred.getKey());
      }
    }
  }

  /** Settings by which nobody is preferred as the leader. */
  public ClusterSettings(
      long version,
      int maxSessions,
      int maxResults,
      long maxResultBytes,
      long sessionTimeoutMillis,
      boolean lease) {
    this(
        version,
        maxSessions,
        maxResults,
        maxResultBytes,
        sessionTimeoutMillis,
        lease,
        Collections.emptySortedMap());
  }

  /** How much a node is preferred as the leader; 0 if it is not. */
  public int priority(NodeId node) {
    return priorities.getOrDefault(node, 0);
  }

  /**
   * Whether these are in effect once an entry with them is applied after the others: two leaders
   * may both append the first settings, and two operators the same next version; the first wins.
   */
  public boolean follows(ClusterSettings present) {
    return version == present.version + 1;
  }

  /** The same as another version. */
  public ClusterSettings withVersion(long newVersion) {
    return new ClusterSettings(
        newVersion,
        maxSessions,
        maxResults,
        maxResultBytes,
        sessionTimeoutMillis,
        lease,
        priorities);
  }
}
