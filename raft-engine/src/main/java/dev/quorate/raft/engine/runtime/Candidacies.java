package dev.quorate.raft.engine.runtime;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many groups of a host stand for election at a time, so that the loss of a host that led a
 * thousand of them does not begin a thousand elections in one moment, none of which comes to an end
 * in time. A place is free again when its election is won, lost or timed out. For any thread.
 */
final class Candidacies {

  /** Enough that a group among many waits for milliseconds, and few enough that each is quick. */
  static final int MOST = 16;

  private final Set<String> standing = new TreeSet<>();
  private final Map<String, Wait> waits = new TreeMap<>();

  /** Who waits asks again and again; who has not asked for a while has heard of a leader. */
  private record Wait(long sinceNanos, long askedNanos) {}

  /**
   * Whether a group may stand now; if so, it is to {@link #leave} when it no longer does.
   *
   * @param patienceNanos how long it waits at most: others, that find no quorum, must not keep it
   *     from its own for ever
   */
  synchronized boolean enter(String group, long nowNanos, long patienceNanos) {
    Wait before = waits.get(group);
    boolean goesOn = before != null && nowNanos - before.askedNanos < patienceNanos / 2;
    long since = goesOn ? before.sinceNanos : nowNanos;
    boolean mayStand =
        standing.contains(group) || standing.size() < MOST || nowNanos - since >= patienceNanos;
    if (mayStand) {
      waits.remove(group);
      standing.add(group);
    } else {
      waits.put(group, new Wait(since, nowNanos));
    }
    return mayStand;
  }

  /** A group neither stands for election nor waits to. */
  synchronized void leave(String group) {
    standing.remove(group);
    waits.remove(group);
  }
}
