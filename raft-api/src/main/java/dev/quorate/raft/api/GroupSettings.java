package dev.quorate.raft.api;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings that all members of a group share, because the result of applying an entry depends
 * on them or because they work only if all keep to them. They are in the log. A node's own keys
 * ({@code raft.lease}, {@code raft.max-sessions}, {@code raft.session.*}) only make the first of
 * them, when the group is formed.
 *
 * <p>To change them, take those of {@link NodeStatus#settings()}, derive others with the methods of
 * this class, and give these to {@link RaftNode#changeSettings}.
 *
 * @param version how often they were set, 1 or more
 * @param lease whether voters promise their leader to elect nobody else for a while, so that it
 *     answers {@link ReadConsistency#LEASE} without asking
 * @param maxSessions how many client sessions there may be, 0 to {@link #MAX_SESSIONS}; what there
 *     are beyond a smaller number than before stay
 * @param maxResults how many results are kept for a session until its client acknowledges them, 1
 *     to {@link #MAX_RESULTS}
 * @param maxResultBytes how many bytes of them, 1 to {@link #MAX_RESULT_BYTES}
 * @param sessionTimeout after how much cluster time in which nothing is heard of it a session
 *     expires, {@link #MIN_SESSION_TIMEOUT} to {@link #MAX_SESSION_TIMEOUT}, in whole milliseconds
 * @param priorities who is to lead rather than others, up to {@link #MAX_PREFERRED} nodes, each
 *     with a number from 1 to {@link #MAX_PRIORITY}; all others have 0, and are preferred to
 *     nobody. The names may be those of nodes that are no voters at present
 */
public record GroupSettings(
    long version,
    boolean lease,
    int maxSessions,
    int maxResults,
    long maxResultBytes,
    Duration sessionTimeout,
    Map<NodeId, Integer> priorities) {

  /** The greatest priority. */
  public static final int MAX_PRIORITY = 1_000;

  /** How many nodes may have a priority above 0. */
  public static final int MAX_PREFERRED = 128;

  /** The greatest bound of sessions. */
  public static final int MAX_SESSIONS = 1_000_000;

  /** The greatest bound of results that are kept for a session. */
  public static final int MAX_RESULTS = 10_000;

  /** The greatest bound of bytes of results that are kept for a session. */
  public static final long MAX_RESULT_BYTES = 64L << 20;

  /** The shortest time after which a session expires. */
  public static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(1);

  /** The longest time after which a session expires. */
  public static final Duration MAX_SESSION_TIMEOUT = Duration.ofDays(30);

  /**
   * Checks the bounds, and sorts and copies the priorities.
   *
   * @throws IllegalArgumentException if a value is outside of its bounds; the message names it
   */
  public GroupSettings {
    require("version", version, 1, Long.MAX_VALUE - 1);
    require("maxSessions", maxSessions, 0, MAX_SESSIONS);
    require("maxResults", maxResults, 1, MAX_RESULTS);
    require("maxResultBytes", maxResultBytes, 1, MAX_RESULT_BYTES);
    if (sessionTimeout.compareTo(MIN_SESSION_TIMEOUT) < 0
        || sessionTimeout.compareTo(MAX_SESSION_TIMEOUT) > 0
        || !sessionTimeout.equals(Duration.ofMillis(sessionTimeout.toMillis()))) {
      throw new IllegalArgumentException(
          "sessionTimeout is "
              + sessionTimeout
              + ", but must be whole milliseconds from "
              + MIN_SESSION_TIMEOUT
              + " to "
              + MAX_SESSION_TIMEOUT);
    }
    priorities = Collections.unmodifiableMap(new TreeMap<>(priorities));
    require("the number of priorities", priorities.size(), 0, MAX_PREFERRED);
    priorities.forEach(
        (node, priority) -> require("the priority of " + node, priority, 1, MAX_PRIORITY));
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", but must be from " + least + " to " + most);
    }
  }

  /**
   * The same with leases or without.
   *
   * @param on whether there are leases
   * @return settings to give to {@link RaftNode#changeSettings}
   */
  public GroupSettings withLease(boolean on) {
    return new GroupSettings(
        version, on, maxSessions, maxResults, maxResultBytes, sessionTimeout, priorities);
  }

  /**
   * The same with another bound of sessions.
   *
   * @param most how many sessions there may be
   * @return settings to give to {@link RaftNode#changeSettings}
   */
  public GroupSettings withMaxSessions(int most) {
    return new GroupSettings(
        version, lease, most, maxResults, maxResultBytes, sessionTimeout, priorities);
  }

  /**
   * The same with other bounds of the results that are kept for a session.
   *
   * @param most how many results
   * @param mostBytes how many bytes of them
   * @return settings to give to {@link RaftNode#changeSettings}
   */
  public GroupSettings withMaxResults(int most, long mostBytes) {
    return new GroupSettings(
        version, lease, maxSessions, most, mostBytes, sessionTimeout, priorities);
  }

  /**
   * The same with another time after which sessions expire. Clients learn of it with their next
   * request; make it shorter by no more than half at a time, and not faster than they make
   * requests.
   *
   * @param timeout after how much cluster time a session expires
   * @return settings to give to {@link RaftNode#changeSettings}
   */
  public GroupSettings withSessionTimeout(Duration timeout) {
    return new GroupSettings(
        version, lease, maxSessions, maxResults, maxResultBytes, timeout, priorities);
  }

  /**
   * The same with another priority of a node. Whoever leads hands over to a voter with a higher
   * priority than its own, once both have been fit for a while; elections know nothing of
   * priorities, so that whoever can lead does so until then.
   *
   * @param node the node
   * @param priority its priority, 0 to {@link #MAX_PRIORITY}
   * @return settings to give to {@link RaftNode#changeSettings}
   */
  public GroupSettings withPriority(NodeId node, int priority) {
    Map<NodeId, Integer> changed = new TreeMap<>(priorities);
    if (priority == 0) {
      changed.remove(node);
    } else {
      changed.put(node, priority);
    }
    return new GroupSettings(
        version, lease, maxSessions, maxResults, maxResultBytes, sessionTimeout, changed);
  }
}
