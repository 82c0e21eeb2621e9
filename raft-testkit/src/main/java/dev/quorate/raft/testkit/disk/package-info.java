/**
 * A disk that can lose power: a {@link java.nio.file.FileSystem} in memory for tests of storages,
 * with a page cache, and faults that strike when they are told to.
 *
 * <p>Everything begins at {@link dev.quorate.raft.testkit.disk.SimulatedDisk}. The model:
 *
 * <ul>
 *   <li>What is written is seen at once by all who read and reaches the disk when it is forced. The
 *       names in a directory are forced by forcing the directory: {@code
 *       FileChannel.open(directory, READ).force(true)}. Forcing a file does not force its name.
 *   <li>A kill of the process loses nothing that was written: the page cache is kept. What was not
 *       forced is still at stake, and a loss of power after the next process has read it takes it.
 *   <li>A loss of power leaves, of what was not forced, anything: each sector of 512 bytes old, new
 *       or as it was in between, independently of the others; of a file's lengths any; of the
 *       changes of names any, in their order if they concern the same name. A rename is in one
 *       piece.
 *   <li>Room is taken by pages of 4 KiB when they are first written, with zeros too; a hole takes
 *       none. A deleted file gives its room back when its last channel is closed.
 *   <li>There are no times, links, owners or attributes to be set, and files end at 4 GiB.
 * </ul>
 *
 * <p>Calls that would leave the simulation (mapped files, {@code transferTo}, {@code toFile},
 * times, and the like) throw {@link java.lang.UnsupportedOperationException} with a message that
 * says so. So does a rename from one directory to another.
 */
package dev.quorate.raft.testkit.disk;
