package dev.quorate.raft.testkit.simulation;

/**
 * What a simulation does to a cluster. Each seed draws some of those that are allowed, each with
 * its own intensity, so that rare combinations come about (Groce et al., "Swarm Testing", ISSTA
 * 2012).
 */
public enum Fault {
  /** Frames are lost. */
  FRAME_LOSS,
  /** Frames arrive twice. */
  FRAME_REPETITION,
  /** Frames take long and overtake each other. */
  FRAME_DELAY,
  /** A few frames arrive seconds late, after terms and boots have passed. */
  LATE_FRAMES,
  /** Large frames are slow and are lost more often than small ones. */
  SLOW_BULK,
  /**
   * Frames are damaged on their way. The receiving end tells by the checksum and breaks the
   * connection, which loses what is under way on it, as {@code transport-tcp} does.
   */
  CORRUPT_FRAME,
  /** Links stand still for up to a second or so, and then all that was sent arrives. */
  CLOG,
  /** Frames arrive once more after a long time, when terms, leaders and boots are others. */
  OLD_FRAMES,
  /** The nodes are split in two sides that do not hear each other. */
  PARTITION,
  /** One link loses everything in one direction. */
  ONE_WAY_CUT,
  /** One node hears nobody and nobody hears it. */
  ISOLATION,
  /** Two sides that hear each other only through one node, which hears both. */
  BRIDGE,
  /** A process is killed; what it wrote stays in its machine's page cache. */
  KILL,
  /** A machine loses its power; what was not forced may be lost, in any part. */
  POWER_LOSS,
  /** All machines lose their power at once. */
  POWER_LOSS_OF_ALL,
  /** A process dies in the middle of a disk operation, with or without its machine's power. */
  CRASH_IN_CALL,
  /** A process dies again and again, soon after it is started, in any of these ways. */
  CRASH_LOOP,
  /** A process is closed in order and started again. */
  CLOSE,
  /** A process stops for up to some seconds, as in a collection of garbage. */
  PAUSE,
  /** One actor of a process stops for up to some seconds, while the others go on. */
  ACTOR_PAUSE,
  /** Turns of a process's actors are late. */
  LATE_TURNS,
  /** A monotonic clock is too fast or too slow, by up to a tenth. */
  CLOCK_DRIFT,
  /** A wall clock is set forward or back, by up to years. */
  WALL_CLOCK_STEP,
  /** Disk operations fail. */
  IO_ERROR,
  /** A disk is full for a while. */
  FULL_DISK,
  /** A disk is mounted read-only for a while. */
  READ_ONLY_DISK,
  /** A disk operation takes up to a minute. */
  DISK_STALL,
  /** A disk is lost and replaced by an empty one; of a minority of the nodes only. */
  WIPED_DISK,
  /** A bit turns on a disk, of a minority of the nodes only. */
  BIT_FLIP,
  /** A sector cannot be read any more, on a minority of the nodes only. */
  UNREADABLE_SECTOR,
  /** A disk says that it has forced and has not, on a minority of the nodes only. */
  LYING_FORCE,
  /** A disk leaves out a sector of what it says it has forced, on a minority of the nodes only. */
  LOST_WRITE,
  /** A disk writes a sector to the place of another, on a minority of the nodes only. */
  MISDIRECTED_WRITE,
  /** Leadership is handed over on request. */
  TRANSFER,
  /** A snapshot is asked for. */
  SNAPSHOT,
  /** A caller submits many commands at once. */
  BURST,
  /** A caller submits a command twice, at two nodes, and does not say that it is the same. */
  DUPLICATE_CALL,
  /** A caller submits more bytes than a command may have. */
  OVERSIZED_CALL,
  /** A node that waits to be let in becomes a member, with a vote or without. */
  ADD_MEMBER,
  /** A member is removed. */
  REMOVE_MEMBER,
  /** A voter becomes a learner, or a learner a voter. */
  CHANGE_STANDING,
  /** A node that waits to be let in takes a member's place. */
  REPLACE_MEMBER,
  /** Several members change in one step. */
  CHANGE_SEVERAL_MEMBERS,
  /** A leader is asked to remove itself, or to give up its vote. */
  REMOVE_LEADER,
  /** Changes of members are asked for one upon the other, at several nodes, and given up again. */
  CHANGE_UPON_CHANGE,
  /** Members are to change on condition that they are what they were before other changes. */
  STALE_CHANGE,
  /**
   * A machine whose disk was lost or damaged, or that was removed, is let in with an empty disk.
   */
  READMIT_DISK,
  /** One node is heard and hears nobody, or hears and is not heard. */
  ONE_WAY_ISOLATION,
  /** Leadership is handed over by a leader that hears nobody from then on. */
  DEAF_TRANSFER,
  /** A leader is cut off, and given many commands of which nobody else gets to know. */
  LONELY_LEADER,
  /**
   * A group is removed from a machine with its data, and its process often dies meanwhile; only
   * where machines have several groups, and only the last of these.
   */
  REMOVE_GROUP,
  /** A link between a client outside the cluster, which there is only then, and a node ends. */
  CLIENT_LINK_BREAK,
  /**
   * A process is closed or killed and started again as a version that supports the next feature
   * level, or again an older one; now and then all are, one after the other.
   */
  VERSION_CHANGE,
  /**
   * A machine moves to another address, which the members are told before it is started there or
   * after; only where there is one group, and no client outside the cluster.
   */
  MOVED_ADDRESS,
  /**
   * A state machine fails at the next command that one process gives it, with an exception or for
   * want of memory; it is of no use until the process is started again.
   */
  FAILING_APPLY,
  /** A wall clock stands still for up to a minute, and is behind from then on. */
  WALL_CLOCK_STOP,
  /** A process, or one actor of it, stops for four seconds to a minute, and then goes on. */
  LONG_PAUSE,
  /**
   * All monotonic clocks are too fast or too slow from the beginning on, by up to 500 millionths,
   * as sound clocks are.
   */
  ORDINARY_DRIFT,
  /**
   * A monotonic clock is up to twice as fast as it should be, or little more than half as fast:
   * more than leases bear, so only where {@code raft.lease} is off. How old an answer to a {@code
   * STALE} read is can then not be told, and is not judged.
   */
  BROKEN_CLOCK,
  /** Links carry only so many bytes a second, and drop what their queue has no room for. */
  NARROW_LINK,
  /** A connection breaks in the middle of a message, and what was sent behind it is lost. */
  CONNECTION_RESET,
  /** A connection breaks in the middle of a part of a snapshot, the first or a later one. */
  CUT_TRANSFER,
  /** Nodes are told that a peer's process has ended, because its machine refuses connections. */
  REFUSED_CONNECTION,
  /** Nodes are told that their connection with a peer ended, because its process did. */
  LOST_CONNECTION,
  /**
   * A link breaks over which a node that joins asks who listens at an address. Nodes are given
   * addresses without ids only then.
   */
  BROKEN_INQUIRY
}
