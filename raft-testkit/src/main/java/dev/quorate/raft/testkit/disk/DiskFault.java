package dev.quorate.raft.testkit.disk;

/**
 * What can go wrong with an operation on a {@link SimulatedDisk}. Each says which operations it
 * strikes.
 */
public enum DiskFault {
  /** Nothing goes wrong. */
  NONE,

  /**
   * An {@code IOException}, at any operation. A write has then perhaps put a first part of its
   * bytes into the page cache. A force has made nothing durable and has marked everything as if it
   * had: later reads see it, a later force does not write it, the loss of power drops it (Rebello
   * et al., "Can Applications Recover from fsync Failures?", ATC 2020).
   */
  IO_ERROR,

  /**
   * An {@code AccessDeniedException}, at any operation that names a path, and not at reads, writes
   * and forces.
   */
  ACCESS_DENIED,

  /**
   * No room is left, at a creation, write or rename. It is also counted when {@link
   * SimulatedDisk#freeSpace(long)} is used up; a write may then have written a first part, which it
   * returns, before the next one fails.
   */
  NO_SPACE,

  /**
   * The disk becomes read-only, at any operation that changes it; see {@link
   * SimulatedDisk#readOnly}.
   */
  READ_ONLY,

  /**
   * The process dies in the middle, at any operation: a first part of the bytes is in the page
   * cache, some of what was to be forced is durable, a name is changed or not. The call throws
   * {@link SimulatedCrash}, and so does all that the process does from then on.
   */
  CRASH,

  /**
   * A force that returns and has done nothing, of a file or a directory: a device that lies. What
   * it left may become durable by a later force. No storage can guard itself alone against it.
   */
  LYING_FORCE,

  /**
   * A force of a file that returns and has not written one of the sectors, which is then old on the
   * disk and new in the page cache.
   */
  LOST_WRITE,

  /**
   * A force of a file that returns and has written one of the sectors to the place of another, of
   * this file or of any other: on the disk the one is old and the other is damaged.
   */
  MISDIRECTED_WRITE,

  /**
   * A bit within the bytes that are to be read turns, on the disk and for good. A sector that waits
   * to be written is not struck.
   */
  BIT_FLIP,

  /**
   * A sector within the bytes that are to be read cannot be read any more, until it is written as a
   * whole. A sector that waits to be written is not struck.
   */
  UNREADABLE_SECTOR,

  /**
   * The operation takes a long time, any operation: 0.1 to 60 seconds are added to {@link
   * SimulatedDisk#takeStall}.
   */
  STALL
}
