package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.time.Agenda;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * Everything that happened, hashed as it happens; the last lines are kept when somebody is going to
 * read them. Two runs of a seed must come to the same hash, in whichever JVM (I20).
 */
public final class Trace {

  private static final long PRIME = 0x100000001b3L;
  private static final long NANOS_PER_MICRO = 1_000;

  private final Agenda agenda;
  private final int keep;
  private final ArrayDeque<Line> lines = new ArrayDeque<>();
  private long hash = 0xcbf29ce484222325L;
  private long count;

  private record Line(long atNanos, String node, Event event, String text) {}

  /** What can happen. The order is part of the hash. */
  public enum Event {
    START,
    STARTED,
    REFUSED,
    CLOSE,
    CRASH,
    PAUSE,
    FAULT,
    SEND,
    LOSE,
    DELIVER,
    WRITE,
    FORCED,
    ROLE,
    COMMIT,
    APPLY,
    SUBMIT,
    READ,
    OUTCOME,
    PHASE
  }

  /**
   * An empty trace.
   *
   * @param keep how many of the last lines are kept; 0 keeps none and costs least
   */
  public Trace(Agenda agenda, int keep) {
    this.agenda = agenda;
    this.keep = keep;
  }

  /**
   * Adds an event.
   *
   * @param node at which node, or null
   * @param a a number that tells the event from others, the same in every JVM
   * @param b another
   * @param detail what a line says of it; only looked at when lines are kept
   */
  public void add(Event event, NodeId node, long a, long b, Object detail) {
    count++;
    mix(agenda.now());
    mix(event.ordinal());
    mix(node == null ? 0 : node.value().hashCode());
    mix(a);
    mix(b);
    if (keep > 0) {
      if (lines.size() == keep) {
        lines.poll();
      }
      String text = String.valueOf(detail);
      lines.add(new Line(agenda.now(), node == null ? "" : node.value(), event, text));
    }
  }

  private void mix(long value) {
    hash = (hash ^ value) * PRIME;
    hash ^= hash >>> 29;
  }

  /** The hash of all events so far. */
  public long hash() {
    return hash;
  }

  /** How many events there were. */
  public long count() {
    return count;
  }

  /** The kept lines: time in microseconds, node, what happened. */
  public String text() {
    StringBuilder text = new StringBuilder();
    long dropped = count - lines.size();
    if (dropped > 0) {
      text.append("… ").append(dropped).append(" events before\n");
    }
    for (Line line : lines) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,13d µs  %-4s %-8s %s%n",
              line.atNanos / NANOS_PER_MICRO,
              line.node,
              line.event,
              line.text));
    }
    return text.toString();
  }
}
