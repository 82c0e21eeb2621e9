package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.DiskOperation;
import dev.quorate.raft.testkit.disk.FaultPlan;
import dev.quorate.raft.testkit.disk.SimulatedDisk;
import dev.quorate.raft.testkit.internal.storage.WatchedStorage;
import dev.quorate.raft.testkit.internal.time.Randomness;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A machine's disk, or one after the other; what strikes it, and what that explains. */
final class NodeDisk implements WatchedStorage.Trust {

  /** More room than a run can use. */
  private static final long PLENTY = Long.MAX_VALUE / 4;

  private final Randomness randomness;
  private final Map<DiskFault, Long> strikesOfLost = new EnumMap<>(DiskFault.class);
  private SimulatedDisk disk;
  private int replaced;
  private FaultPlan trouble = operation -> DiskFault.NONE;
  private DiskFault lie = DiskFault.NONE;
  private boolean struck;
  private long errors;
  private boolean full;
  private boolean readOnly;
  private boolean damaged;
  private boolean rotten;
  private boolean dark;
  private boolean lied;

  NodeDisk(Randomness randomness) {
    this.randomness = randomness;
    this.disk = create();
  }

  private SimulatedDisk create() {
    SimulatedDisk made = SimulatedDisk.create(randomness.stream("disk " + replaced).nextLong());
    made.plan(this::fault);
    return made;
  }

  private DiskFault fault(DiskOperation operation) {
    if (lie != DiskFault.NONE && operation.kind() == DiskOperation.Kind.FORCE) {
      DiskFault told = lie;
      lie = DiskFault.NONE;
      return told;
    }
    DiskFault fault = trouble.at(operation);
    if (fault == DiskFault.IO_ERROR) {
      struck = true;
      errors++;
    }
    return fault;
  }

  /** The path as the present process sees it. */
  Path path(String path) {
    return disk.path(path);
  }

  /** Puts a file there, durably. */
  void put(String file, byte[] content) {
    disk.put(file, content);
  }

  /** How long operations were stalled since the last call. */
  long takeStallNanos() {
    return disk.takeStall().toNanos();
  }

  /** A process begins: what struck the one before explains nothing any more. */
  void booted() {
    struck = readOnly;
  }

  /** The disk was opened, and all that lies on it read. */
  void opened() {
    rotten = false;
    dark = false;
  }

  /** What strikes its operations from now on. */
  void trouble(FaultPlan plan) {
    trouble = plan;
  }

  /** Only so many bytes can be added from now on. */
  void fill(long bytes) {
    full = true;
    disk.freeSpace(bytes);
  }

  /** There is room. */
  void makeRoom() {
    full = false;
    disk.freeSpace(PLENTY);
  }

  /** Nothing can be changed on it, or everything again. */
  void readOnly(boolean now) {
    readOnly = now;
    struck |= now;
    disk.readOnly(now);
  }

  /** The process dies in the middle of an operation, so many operations later. */
  void dieInCall(int operation) {
    disk.crashAt(operation);
  }

  /** Nothing strikes from now on; what happened before stays. */
  void calmDown() {
    trouble = operation -> DiskFault.NONE;
    lie = DiskFault.NONE;
    disk.crashAt(-1);
    readOnly(false);
    makeRoom();
  }

  /** The next force says that all is well, and it is not. */
  void lie(DiskFault next) {
    lie = next;
    damaged = true;
    lied = true;
  }

  /**
   * A bit turns; false if there is no file, the sector is still in the page cache, or the {@link
   * #losePower loss of power} was no longer ago than the last opening.
   */
  boolean flipBit(RandomGenerator random) {
    boolean flipped =
        !dark
            && anywhere(
                random, (file, offset) -> disk.flipBit(file, offset, random.nextInt(Byte.SIZE)));
    damaged |= flipped;
    rotten |= flipped;
    return flipped;
  }

  /** A sector cannot be read any more; false as for {@link #flipBit}. */
  boolean spoilSector(RandomGenerator random) {
    boolean spoiled = anywhere(random, disk::makeUnreadable);
    damaged |= spoiled;
    return spoiled;
  }

  @FunctionalInterface
  private interface Place {
    boolean strike(String file, long offset);
  }

  private boolean anywhere(RandomGenerator random, Place place) {
    List<Map.Entry<String, Long>> files =
        disk.files().entrySet().stream().filter(file -> file.getValue() > 0).toList();
    if (files.isEmpty()) {
      return false;
    }
    Map.Entry<String, Long> file = files.get(random.nextInt(files.size()));
    return place.strike(file.getKey(), random.nextLong(file.getValue()));
  }

  /** It is replaced by an empty one. */
  void replace() {
    disk.struck().forEach((fault, count) -> strikesOfLost.merge(fault, count, Long::sum));
    replaced++;
    disk = create();
    readOnly(false);
    rotten = false;
    dark = false;
    lied = false;
    lie = DiskFault.NONE;
    damaged = false;
  }

  /** Whether it is not the first. */
  boolean isReplaced() {
    return replaced > 0;
  }

  /** The process is gone; what it wrote stays in the page cache. */
  void kill() {
    disk.kill();
  }

  /**
   * The process is gone, and the page cache. A bit that turned since the disk was last opened, and
   * the loss of the watermark that tells rot from a torn write, are together more than a log can
   * notice (rule P4, documented rest): after one of them the other does not happen until it is
   * opened again.
   */
  void losePower() {
    if (rotten) {
      disk.kill();
    } else {
      disk.losePower();
      dark = true;
    }
  }

  /** Whether it lost, or may have lost, what was forced. */
  @Override
  public boolean isDamaged() {
    return damaged;
  }

  /** Whether it ever said that something was forced that was not. */
  @Override
  public boolean hasLied() {
    return lied;
  }

  /** How many of its operations have failed so far. */
  @Override
  public long errors() {
    return errors;
  }

  /** Whether there is a reason for this process to have given up. */
  boolean explainsDegraded() {
    return struck || damaged;
  }

  /** Whether there is a reason for it not to be usable at the moment, besides damage. */
  boolean explainsRefusal() {
    return struck || full;
  }

  /** How often a fault really struck. */
  long strikes(DiskFault fault) {
    return strikesOfLost.getOrDefault(fault, 0L) + disk.struck().getOrDefault(fault, 0L);
  }
}
