package dev.quorate.raft.engine.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, and when. */
final class Agenda {

  private final PriorityQueue<Item> items =
      new PriorityQueue<>(Comparator.comparingLong(Item::at).thenComparingLong(Item::number));
  private long nowNanos;
  private long lastNumber;

  private record Item(long at, long number, Runnable action) {}

  long now() {
    return nowNanos;
  }

  void after(long delayNanos, Runnable action) {
    items.add(new Item(nowNanos + Math.max(0, delayNanos), ++lastNumber, action));
  }

  /** Runs the next thing, unless it is later than the given time; tells whether it did. */
  boolean runNext(long untilNanos) {
    if (items.isEmpty() || items.peek().at > untilNanos) {
      nowNanos = untilNanos;
      return false;
    }
    Item item = items.poll();
    nowNanos = item.at;
    item.action.run();
    return true;
  }
}
