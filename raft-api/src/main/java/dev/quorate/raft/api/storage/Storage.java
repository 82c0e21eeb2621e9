package dev.quorate.raft.api.storage;

import java.io.IOException;

/**
 * A host's storage. {@link #openLog}, {@link #removeGroup}, {@link #force}, {@link #hasSpace},
 * {@link #close}, and {@link GroupLog#write} and {@link GroupLog#close} of all its groups, are
 * called by one thread at a time, not always the same; {@link GroupLog#read} by any thread at any
 * time, also while that one writes or forces; what never changes, such as {@link #incarnation},
 * too.
 */
public interface Storage extends AutoCloseable {

  /**
   * What an entry counts for in {@link #reserveBytes} besides its encoded length: room for all that
   * a storage may put around it, in a batch of its own.
   */
  int ENTRY_OVERHEAD_BYTES = 64;

  /**
   * The incarnation of this node's disk: durably written when the directory was first used, and the
   * same ever since. A node whose disk was lost gets another one, by which its peers know that it
   * forgot its votes.
   *
   * @return the number, never 0
   */
  long incarnation();

  /**
   * Opens a group's log, making it if it is absent, and makes durable what it read back. Groups
   * whose ids differ only in case are different groups.
   *
   * @param group the group's id: 1 to 64 letters a-z or A-Z, digits, {@code '.'}, {@code '_'} or
   *     {@code '-'}
   * @return the log; the same object is not handed out twice
   * @throws IllegalArgumentException if the id is not a legal one
   * @throws IllegalStateException if this group's log is open already; after {@link GroupLog#close}
   *     it may be opened again
   * @throws GroupRemovedException if the group was removed from this disk
   * @throws UnreadableException if the disk does not give it back; nothing of it is open then, it
   *     may be tried again, and other groups go on
   * @throws StorageFailedException if a write or a force failed, whichever group's it was, now or
   *     before: the storage is of no more use
   * @throws CorruptionException if it is damaged otherwise than by a torn last write; the message
   *     names the file, the offset and what to do
   * @throws NoSpaceException if there is no room to begin it; it may be tried again, and other
   *     groups go on
   * @throws IOException if this process may not open it, a newer version wrote it, or the storage
   *     is closed. Whoever starts the node can change that, so that its start fails with it; of the
   *     disk's faults above the node says that it is degraded
   */
  GroupLog openLog(String group) throws IOException;

  /**
   * Opens a group's snapshots. Must be called after the group's log was opened, because the log
   * decides which snapshot counts. A single one that is damaged or cannot be read keeps nobody from
   * the others.
   *
   * @param group the group's id
   * @return the snapshots; the same object is not handed out twice
   * @throws IllegalStateException if the group's log is not open, or its snapshots are open already
   * @throws UnreadableException if the disk does not say which there are; it may be tried again
   * @throws StorageFailedException as {@link #openLog} does
   * @throws IOException if this process may not open them, a newer version wrote one, or the
   *     storage is closed
   */
  SnapshotStore openSnapshots(String group) throws IOException;

  /**
   * Deletes a group's log and snapshots. First it is made durable that the group is removed: from
   * then on {@link #openLog} refuses it for as long as this disk has its incarnation, because a
   * node that came back to the group without its log would vote twice. What is left when the
   * process is killed meanwhile is deleted at the next opening of the storage, or by calling this
   * again.
   *
   * <p>Unless a storage implements it, it has no groups removed.
   *
   * @param group the group's id
   * @return whether anything of it was here; if not, nothing has changed
   * @throws IllegalArgumentException if the id is not a legal one
   * @throws IllegalStateException if the group's log is open
   * @throws UnsupportedOperationException if this storage removes no groups
   * @throws IOException if that failed, or the storage is closed: the group may be removed or not,
   *     and if it is, something of it may be left. It may be tried again; other groups go on
   */
  default boolean removeGroup(String group) throws IOException {
    throw new UnsupportedOperationException("this storage removes no groups");
  }

  /**
   * Makes every batch that was written before, to whichever group, durable. Does nothing where
   * nothing was written.
   *
   * @throws IOException if that failed: the storage is then of no more use and must not be forced
   *     again; or if it is closed
   */
  void force() throws IOException;

  /**
   * Whether there is room for more. The answer changes by itself: a storage that ran out of space
   * tries to acquire some at each write, and when it is asked here.
   *
   * <p>{@code true} is a promise to each open log: whatever happens to the disk, the next {@link
   * #reserveBytes} of commands are not refused. So whoever never has more than that on its way
   * before it asks again is never refused a command that it has already put into a group's order,
   * where everything behind would have to wait for it.
   *
   * @return {@code false} while only the reserve is left, which is for what a node must go on
   *     writing; no new commands are then to be written
   */
  boolean hasSpace();

  /**
   * How many bytes of commands each log still takes after {@link #hasSpace} has said {@code true}.
   * Every entry whose type {@link LogEntry.Type#isCommand} counts with its encoded length and
   * {@link #ENTRY_OVERHEAD_BYTES}. What else a node writes meanwhile (hard state, truncations,
   * other entries) has room of its own beside it, for far more than goes with so many commands.
   *
   * @return bytes, the same at every call, more than {@link #ENTRY_OVERHEAD_BYTES}
   */
  long reserveBytes();

  /**
   * Closes all logs and files and gives the directory free. What was written and not forced is
   * forced, if no earlier failure forbids it. Idempotent; of what comes after it, all that touches
   * files throws {@link IOException}.
   *
   * @throws IOException if that last force failed
   */
  @Override
  void close() throws IOException;
}
