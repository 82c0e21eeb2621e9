package dev.quorate.raft.testkit.internal.trace;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.time.Agenda;
import java.util.ArrayDeque;
import java.util.List;
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

  /**
   * An event that was kept.
   *
   * @param atNanos when it happened
   * @param node at which node; empty if at none
   * @param event what happened
   * @param detail more of it, such as the {@link Frame} that was sent
   * @param text the detail for people, as it was then
   */
  public record Line(long atNanos, String node, Event event, Object detail, String text) {}

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
    PHASE,
    LINK
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
      lines.add(new Line(agenda.now(), node == null ? "" : node.value(), event, detail, text));
    }
  }

  /** Of which kind an outcome is, as a number that is the same in every JVM. */
  public static long kind(Object outcome) {
    return outcome.getClass().getName().hashCode();
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

  /** The kept events, oldest first. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /**
   * The last kept lines: time in microseconds, node, what happened.
   *
   * @param most how many at most
   */
  public String text(int most) {
    StringBuilder text = new StringBuilder();
    int skipped = Math.max(0, lines.size() - most);
    long dropped = count - lines.size() + skipped;
    if (dropped > 0) {
      text.append("… ").append(dropped).append(" events before\n");
    }
    lines.stream()
        .skip(skipped)
        .forEach(
            line ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%,13d µs  %-4s %-8s %s%n",
                        line.atNanos / NANOS_PER_MICRO,
                        line.node,
                        line.event,
                        line.text)));
    return text.toString();
  }
}
