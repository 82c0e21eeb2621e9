package dev.quorate.raft.testkit.disk;

/**
 * Says at each operation which fault strikes it; what a test or a simulator has instead of luck.
 */
@FunctionalInterface
public interface FaultPlan {

  /**
   * Called before each operation, under the disk's lock and in the thread that does it. What it
   * throws is thrown by the operation, which is then not done. It must not use the disk's paths; it
   * may use the methods of {@link SimulatedDisk} that change the plan or the room.
   *
   * @param operation what is about to be done
   * @return the fault, {@link DiskFault#NONE} for none; one that cannot strike this kind of
   *     operation does nothing and is not counted
   */
  DiskFault at(DiskOperation operation);
}
