package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.DiskOperation;
import dev.quorate.raft.testkit.disk.FaultPlan;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.random.RandomGenerator;

/** What strikes the operations of one disk while a run's disasters last. */
final class DiskTrouble implements FaultPlan {

  private static final int PER = 100_000;

  /** Forces are few, and what becomes of one that failed matters most. */
  private static final int FORCE_ERRORS = 50;

  private static final int OTHER_ERRORS = 5;

  private final Disasters disasters;
  private final RandomGenerator random;
  private final Counters counters;

  DiskTrouble(Disasters disasters, RandomGenerator random, Counters counters) {
    this.disasters = disasters;
    this.random = random;
    this.counters = counters;
  }

  @Override
  public DiskFault at(DiskOperation operation) {
    // One draw an operation and kind, whether the kind is on or not: another choice of faults
    // shifts nothing.
    int per = PER * disasters.rarity();
    int crash = random.nextInt(per);
    int error = random.nextInt(per);
    int stall = random.nextInt(per);
    if (crash < 25 * disasters.of(Fault.CRASH_IN_CALL)) {
      counters.count(Fault.CRASH_IN_CALL);
      return DiskFault.CRASH;
    }
    int errors = operation.kind() == DiskOperation.Kind.FORCE ? FORCE_ERRORS : OTHER_ERRORS;
    if (error < errors * disasters.of(Fault.IO_ERROR)) {
      counters.count(Fault.IO_ERROR);
      return DiskFault.IO_ERROR;
    }
    if (stall < 15 * disasters.of(Fault.DISK_STALL)) {
      counters.count(Fault.DISK_STALL);
      return DiskFault.STALL;
    }
    return DiskFault.NONE;
  }
}
