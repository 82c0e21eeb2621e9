package dev.quorate.raft.api.storage;

import java.io.IOException;
import java.util.List;

/**
 * One group's snapshots. Content is opaque bytes, written once from the beginning to the end and
 * then never changed. A snapshot is visible only when it is complete and durable.
 *
 * <p>Methods may be called by any thread; a sink or a source by one thread at a time. None is
 * called by the thread that writes the log, which a long transfer must not hold up.
 */
public interface SnapshotStore {

  /**
   * The snapshots that are complete, newest (highest index) first. What a crash left unfinished is
   * not among them, and is removed when the store is opened; nor is what could not be read then.
   *
   * @return the ids
   * @throws IOException if they cannot be listed
   */
  List<SnapshotId> list() throws IOException;

  /**
   * What is missing in {@link #list} because the disk did not give it back when the store was
   * opened. It stays where it is, and is looked at again at the next opening; a snapshot that has
   * its name by then takes its place, and it is deleted with one that is newer.
   *
   * @return for people, one for each: the file, and what the system says. Unless a storage
   *     implements it, it has nothing to say
   */
  default List<String> unreadable() {
    return List.of();
  }

  /**
   * Begins a snapshot that this node makes.
   *
   * @param boot the random number of this run of the process
   * @param index the index of the last entry that it contains the effect of
   * @param term the term of that entry
   * @return takes its content
   * @throws NoSpaceException if there is no room
   * @throws IOException if that failed otherwise
   */
  SnapshotSink create(long boot, long index, long term) throws IOException;

  /**
   * Begins a copy of another node's snapshot, or goes on with it where it was left by a sink of the
   * same id that this process closed. A sink of another id that was left is given up.
   *
   * @param id the snapshot
   * @return takes what follows its {@link SnapshotSink#position}
   * @throws NoSpaceException if there is no room
   * @throws IOException if that failed otherwise
   */
  SnapshotSink receive(SnapshotId id) throws IOException;

  /**
   * Opens a snapshot for reading. A snapshot that is deleted while it is open can still be read.
   *
   * @param id one of {@link #list}
   * @return its content
   * @throws IOException if it is not there, or cannot be read
   */
  SnapshotSource open(SnapshotId id) throws IOException;

  /**
   * Deletes a snapshot. Nothing happens if it is not there.
   *
   * @param id the snapshot
   * @throws IOException if that failed; it may then still be listed
   */
  void delete(SnapshotId id) throws IOException;
}
