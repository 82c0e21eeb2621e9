package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.NoSpaceException;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.api.storage.WriteRecord;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How much room a disk has, as meanly as the contract of storages allows: without space it takes
 * the commands that were promised room, to the byte, and else nothing but a reserve for what a node
 * must write.
 */
final class SimSpace {

  private static final int RECORD_BYTES = 100;

  private final long promise;
  private long reserve;
  private long free = Long.MAX_VALUE;
  private long promised;
  private long reserveLeft;
  private boolean out;
  private String overdrawn = "";

  /** Room without end, and, should it end, a promise and a reserve that are often tiny. */
  SimSpace(RandomGenerator random) {
    promise = 700L << random.nextInt(4);
    reserve = random.nextInt(3) == 0 ? random.nextInt(3 * RECORD_BYTES) : Long.MAX_VALUE;
  }

  long promise() {
    return promise;
  }

  /** The reserve is never used up. */
  void reserveWithoutEnd() {
    reserve = Long.MAX_VALUE;
    reserveLeft = Long.MAX_VALUE;
  }

  /** Space ends after so many bytes. */
  void fill(long bytes) {
    free = bytes;
  }

  /** There is space again, without end. */
  void free() {
    free = Long.MAX_VALUE;
  }

  /** Whether the node has been told that there is no space, and not otherwise since. */
  boolean isKnownToBeOut() {
    return out;
  }

  /** What was written although it was not promised room; empty if nothing was. */
  String overdrawn() {
    return overdrawn;
  }

  /** The process starts anew: nothing is promised to it. */
  void open() {
    promised = 0;
  }

  boolean hasSpace() {
    out = free == 0;
    if (!out) {
      promised = promise;
      reserveLeft = reserve;
    }
    return !out;
  }

  void take(WriteBatch batch) throws NoSpaceException {
    long commands = 0;
    long others = 0;
    for (WriteRecord record : batch.records()) {
      if (record instanceof WriteRecord.Append append) {
        commands += bytes(append.entries(), true);
        others += bytes(append.entries(), false);
      } else {
        others += RECORD_BYTES;
      }
    }
    if (commands + others <= free) {
      free -= free == Long.MAX_VALUE ? 0 : commands + others;
      promised = Math.max(0, promised - commands);
      return;
    }
    free = 0;
    if (commands > promised) {
      overdrawn = commands + " bytes of commands where " + promised + " were promised room";
      throw new NoSpaceException(overdrawn, null);
    }
    if (commands == 0 && others > reserveLeft) {
      throw new NoSpaceException("the reserve is used up", null);
    }
    promised -= commands;
    reserveLeft -= reserve == Long.MAX_VALUE || commands > 0 ? 0 : others;
  }

  private static long bytes(List<LogEntry> entries, boolean commands) {
    return entries.stream()
        .filter(entry -> (entry.type() == LogEntry.Type.COMMAND) == commands)
        .mapToLong(entry -> entry.encodedLength() + Storage.ENTRY_OVERHEAD_BYTES)
        .sum();
  }
}
