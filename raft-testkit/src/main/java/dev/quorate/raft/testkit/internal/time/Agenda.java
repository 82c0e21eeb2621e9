package dev.quorate.raft.testkit.internal.time;

import java.util.PriorityQueue;

/** Virtual time: what is to happen, and when. Things of one moment happen in the order of entry. */
public final class Agenda {

  private final PriorityQueue<Item> items = new PriorityQueue<>();
  private long nowNanos;
  private long lastNumber;
  private long done;

  private record Item(long at, long number, Runnable action) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  /** The true time, which no node knows: nanoseconds since the beginning. */
  public long now() {
    return nowNanos;
  }

  /** How many things have happened. */
  public long done() {
    return done;
  }

  /** Adds something that is to happen after a delay; a negative one counts as none. */
  public void after(long delayNanos, Runnable action) {
    items.add(new Item(nowNanos + Math.max(0, delayNanos), ++lastNumber, action));
  }

  /** Lets the next thing happen, unless it is later than that; tells whether it did. */
  public boolean runNext(long untilNanos) {
    if (items.isEmpty() || items.peek().at > untilNanos) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    Item item = items.poll();
    nowNanos = item.at;
    done++;
    item.action.run();
    return true;
  }
}
