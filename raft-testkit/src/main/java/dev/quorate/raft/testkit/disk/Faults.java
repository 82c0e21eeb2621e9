package dev.quorate.raft.testkit.disk;

import dev.quorate.raft.testkit.disk.DiskOperation.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Which faults strike, and what has struck. */
final class Faults {

  /** The kernel's words. */
  static final String IO_ERROR = "Input/output error";

  static final String NO_SPACE = "No space left on device";

  private static final long SHORTEST_STALL = 100_000_000;
  private static final double LONGEST_STALL = 600; // Times the shortest.

  private final RandomGenerator random;
  private final EnumMap<DiskFault, Long> struck = new EnumMap<>(DiskFault.class);
  private FaultPlan plan = operation -> DiskFault.NONE;
  private long operations;
  private long crashAt = -1;
  private boolean readOnly;
  private long stall;

  Faults(RandomGenerator random) {
    this.random = random;
  }

  void plan(FaultPlan next) {
    plan = next;
  }

  void crashAt(long operation) {
    crashAt = operation < 0 ? -1 : operations + operation;
  }

  void readOnly(boolean now) {
    readOnly = now;
  }

  boolean readOnly() {
    return readOnly;
  }

  long operations() {
    return operations;
  }

  SortedMap<DiskFault, Long> struck() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(struck));
  }

  void count(DiskFault fault) {
    struck.merge(fault, 1L, Long::sum);
  }

  /** The stall since this was last asked, in nanoseconds. */
  long takeStall() {
    long taken = stall;
    stall = 0;
    return taken;
  }

  /**
   * Numbers an operation and throws what strikes it, or returns what its place must do: {@code
   * CRASH}; at writes and forces {@code IO_ERROR}; and the faults of forces and of reads, which
   * that place counts if they found anything to strike.
   */
  DiskFault strike(DiskOperation operation) throws IOException {
    boolean crash = operation.changes() && operations++ == crashAt;
    DiskFault fault = crash ? DiskFault.CRASH : plan.at(operation);
    if (fault == DiskFault.READ_ONLY && operation.changes()) {
      readOnly = true;
    }
    if (readOnly && operation.changes() && fault != DiskFault.CRASH) {
      count(DiskFault.READ_ONLY);
      throw new FileSystemException(operation.path(), null, "Read-only file system");
    }
    Kind kind = operation.kind();
    switch (fault) {
      case CRASH -> count(fault);
      case STALL -> {
        count(fault);
        stall += (long) (SHORTEST_STALL * StrictMath.pow(LONGEST_STALL, random.nextDouble()));
        return DiskFault.NONE;
      }
      case IO_ERROR -> {
        count(fault);
        if (kind != Kind.WRITE && kind != Kind.FORCE) {
          throw new IOException(IO_ERROR);
        }
      }
      case ACCESS_DENIED -> {
        if (kind != Kind.READ && kind != Kind.WRITE && kind != Kind.FORCE && kind != Kind.LOCK) {
          count(fault);
          throw new AccessDeniedException(operation.path());
        }
      }
      case NO_SPACE -> {
        if (kind == Kind.CREATE || kind == Kind.WRITE || kind == Kind.RENAME) {
          count(fault);
          throw new IOException(NO_SPACE);
        }
      }
      default -> {
        // Those of forces and reads.
      }
    }
    return fault;
  }
}
