package dev.quorate.raft.engine.core;

/**
 * Which numbers of one origin's boot were taken. Numbers come mostly in order; one that comes late
 * is still told from a repetition if it is among the last 64, and is otherwise dropped (rule P10).
 */
final class TakenNumbers {

  private long highest;
  private long window;

  /** Takes a number, at least 1, and tells whether it is new for certain. */
  boolean take(long number) {
    if (number > highest) {
      long shift = number - highest;
      window = shift < Long.SIZE ? window << shift | 1 : 1;
      highest = number;
      return true;
    }
    long age = highest - number;
    long bit = age < Long.SIZE ? 1L << age : 0;
    if (bit == 0 || (window & bit) != 0) {
      return false;
    }
    window |= bit;
    return true;
  }
}
