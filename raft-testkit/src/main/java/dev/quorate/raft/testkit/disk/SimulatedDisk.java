package dev.quorate.raft.testkit.disk;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The disk of one machine, in memory, and the faults that it is told to have. The storage under
 * test gets a {@link Path} of it and uses {@code java.nio.file} as ever; the test stops its process
 * with {@link #kill} or {@link #losePower} at any moment, lets it die in the middle of a call, or
 * lets calls fail, and then opens the storage again on the next {@link #path}.
 *
 * <pre>{@code
 * SimulatedDisk disk = SimulatedDisk.create(seed);
 * Storage storage = provider.open(contextFor(disk.path("/data")));
 * // … write, force, write …
 * disk.losePower();
 * storage = provider.open(contextFor(disk.path("/data")));
 * // … all that was forced must be there
 * }</pre>
 *
 * <p>Every draw comes from the disk's own random stream, so that the same seed and the same calls
 * give the same disk. The model is in the description of this package.
 *
 * <p>All methods may be called by any thread. A run repeats only if its calls come in the same
 * order. Paths given as strings are absolute, with {@code /} between names.
 */
public final class SimulatedDisk {

  private final Object monitor = new Object();
  private final Volume volume;
  private DiskView view;

  private SimulatedDisk(Volume volume) {
    this.volume = volume;
    this.view = new DiskView(volume, monitor);
  }

  /**
   * An empty disk with more room than a test needs and without faults.
   *
   * @param seed from which all that is random on it is drawn
   * @return the disk
   */
  public static SimulatedDisk create(long seed) {
    return new SimulatedDisk(new Volume(seed));
  }

  /**
   * A disk like this one at this moment, as if the process had just been killed there: the page
   * cache is kept, and nothing is open. What happens to either does not concern the other, so that
   * many ends can be tried from one beginning; it is cheap, because both share their pages until
   * they write. Plan, faults and counts are not copied.
   *
   * @param seed from which all that is random on the copy is drawn
   * @return the copy
   */
  public SimulatedDisk copy(long seed) {
    synchronized (monitor) {
      return new SimulatedDisk(volume.copy(seed));
    }
  }

  /**
   * The root directory as the present process sees it.
   *
   * @return the path {@code /}
   */
  public Path root() {
    return path("/");
  }

  /**
   * A path as the present process sees it. After {@link #kill} or {@link #losePower} it is of no
   * use any more: the next process asks for its own.
   *
   * @param path an absolute path
   * @return the path
   */
  public Path path(String path) {
    synchronized (monitor) {
      return view.getPath(path).toAbsolutePath();
    }
  }

  /**
   * Kills the process: all that it has open is closed, its locks are gone, and whatever it still
   * calls throws {@link SimulatedCrash}. What it wrote is kept in the page cache, where the next
   * process reads it, and is still at the mercy of a loss of power until that one forces it.
   */
  public void kill() {
    synchronized (monitor) {
      view.die();
      volume.released();
      nextProcess();
    }
  }

  /**
   * Kills the process and takes the power away: the page cache is lost, and of what was not forced
   * any part is left, as drawn.
   *
   * @return what was kept and lost
   */
  public PowerLoss losePower() {
    synchronized (monitor) {
      view.die();
      PowerLoss loss = volume.losePower();
      nextProcess();
      return loss;
    }
  }

  private void nextProcess() {
    volume.faults().crashAt(-1);
    view = new DiskView(volume, monitor);
  }

  /**
   * Whether the present process died in the middle of a call, so that now {@link #kill} or {@link
   * #losePower} must say what became of the page cache.
   *
   * @return whether it is dead
   */
  public boolean crashed() {
    synchronized (monitor) {
      return view.dead();
    }
  }

  /**
   * Sets what decides about faults, in place of the plan before.
   *
   * @param plan asked at each operation
   */
  public void plan(FaultPlan plan) {
    Objects.requireNonNull(plan, "plan");
    synchronized (monitor) {
      volume.faults().plan(plan);
    }
  }

  /**
   * Lets the present process die in the middle of an operation, as {@link DiskFault#CRASH} says, in
   * place of the operation named before; the next process is not concerned.
   *
   * @param operation how many operations that change the disk are done before that one, from now
   *     on; 0 is the next, a negative number is none
   */
  public void crashAt(long operation) {
    synchronized (monitor) {
      volume.faults().crashAt(operation);
    }
  }

  /**
   * How many operations that change the disk have begun ({@link DiskOperation#changes}).
   *
   * @return their number since this disk was made
   */
  public long operations() {
    synchronized (monitor) {
      return volume.faults().operations();
    }
  }

  /**
   * Which faults have struck, and how often; those that did not are absent.
   *
   * @return a copy, in the order of {@link DiskFault}
   */
  public SortedMap<DiskFault, Long> struck() {
    synchronized (monitor) {
      return volume.faults().struck();
    }
  }

  /**
   * How long the operations since the last call of this were stalled ({@link DiskFault#STALL}).
   * Nothing waits here: a simulator holds back for so long what the storage's caller puts out.
   *
   * @return the sum, zero if there was none
   */
  public Duration takeStall() {
    synchronized (monitor) {
      return Duration.ofNanos(volume.faults().takeStall());
    }
  }

  /**
   * Sets how much room there still is. When it is used up, a write writes what fits and the next
   * one fails with "No space left on device".
   *
   * @param bytes the room, from 0; counted in whole pages of 4 KiB
   */
  public void freeSpace(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes");
    }
    synchronized (monitor) {
      volume.freeBytes(bytes);
    }
  }

  /**
   * How much room there still is.
   *
   * @return a multiple of 4096 bytes
   */
  public long freeSpace() {
    synchronized (monitor) {
      return volume.freeBytes();
    }
  }

  /**
   * Makes the disk read-only, as a kernel does after errors, or writable again. While it is
   * read-only every operation that changes it fails, a force too, after which what was pending is
   * still pending.
   *
   * @param readOnly whether it is from now on
   */
  public void readOnly(boolean readOnly) {
    synchronized (monitor) {
      volume.faults().readOnly(readOnly);
    }
  }

  /**
   * Turns a bit on the disk for good. It counts as a {@link DiskFault#BIT_FLIP}.
   *
   * @param file a file that is seen
   * @param offset of the byte, below the file's length
   * @param bit of the byte, from 0 (the lowest) to 7
   * @return false if the sector waits to be written, so that nothing was turned
   */
  public boolean flipBit(String file, long offset, int bit) {
    Objects.checkIndex(bit, Byte.SIZE);
    synchronized (monitor) {
      return strike(DiskFault.BIT_FLIP, file(file, offset).flip(offset, bit));
    }
  }

  /**
   * Makes a sector unreadable until it is written as a whole. It counts as an {@link
   * DiskFault#UNREADABLE_SECTOR}.
   *
   * @param file a file that is seen
   * @param offset of a byte in the sector, below the file's length
   * @return false if the sector waits to be written, so that nothing was done
   */
  public boolean makeUnreadable(String file, long offset) {
    synchronized (monitor) {
      return strike(DiskFault.UNREADABLE_SECTOR, file(file, offset).spoil(offset));
    }
  }

  private boolean strike(DiskFault fault, boolean struck) {
    if (struck) {
      volume.faults().count(fault);
    }
    return struck;
  }

  private FileNode file(String path, long offset) {
    FileNode file = volume.file(names(path));
    if (offset < 0 || offset >= file.length()) {
      throw new IndexOutOfBoundsException(offset + " in " + path);
    }
    return file;
  }

  private List<String> names(String path) {
    return DiskPath.names(view.getPath(path));
  }

  /**
   * All files that are seen, and their lengths in bytes.
   *
   * @return a copy, by absolute path
   */
  public SortedMap<String, Long> files() {
    SortedMap<String, Long> found = new TreeMap<>();
    synchronized (monitor) {
      volume.files().forEach(file -> found.put(file.path(), file.length()));
    }
    return found;
  }

  /**
   * What is seen in a file. No fault strikes, and it is no operation.
   *
   * @param file a file that is seen
   * @return its bytes
   */
  public byte[] content(String file) {
    synchronized (monitor) {
      FileNode found = volume.file(names(file));
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(found.length()));
      found.peek(bytes);
      return bytes.array();
    }
  }

  /**
   * Puts a file there, with the directories above it, all of it durable at once. A file that was
   * there under that name is replaced. No fault strikes, and it is no operation.
   *
   * @param file the path
   * @param content its bytes
   */
  public void put(String file, byte[] content) {
    synchronized (monitor) {
      volume.put(names(file), ByteBuffer.wrap(content));
    }
  }

  /**
   * Takes away a file, or a directory with all below it, durably at once. No fault strikes, and it
   * is no operation.
   *
   * @param path what is to go; it may be absent
   */
  public void remove(String path) {
    synchronized (monitor) {
      volume.remove(names(path));
    }
  }

  /**
   * How many channels the present process has open; none when it is dead.
   *
   * @return their number
   */
  public int openChannels() {
    synchronized (monitor) {
      return view.openChannels();
    }
  }
}
