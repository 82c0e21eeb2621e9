package dev.quorate.raft.engine.sim;

import dev.quorate.raft.api.storage.GroupLog;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotStore;
import dev.quorate.raft.api.storage.Storage;
import dev.quorate.raft.api.storage.StorageContext;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.engine.disk.MemorySnapshots;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/** A disk that survives its node's crashes, with the power going now and then around a force. */
final class SimStorage implements StorageProvider {

  private final RandomGenerator random;
  private final SimSpace space;
  private final SimDisk disk;
  private MemorySnapshots snapshots = new MemorySnapshots();
  private final Runnable forced;
  private long incarnation;
  private int lossesPerThousandForces;

  /**
   * An empty disk.
   *
   * @param committed the entries that the group has committed
   * @param forced is told after each force
   */
  SimStorage(RandomGenerator random, LongFunction<LogEntry> committed, Runnable forced) {
    this.random = random;
    this.space = new SimSpace(random);
    this.disk = new SimDisk(space, committed);
    this.forced = forced;
  }

  SimDisk disk() {
    return disk;
  }

  long incarnation() {
    return incarnation;
  }

  /** The disk is replaced by an empty one. */
  void wipe() {
    incarnation = 0;
    disk.wipe();
    snapshots = new MemorySnapshots();
  }

  SimSpace space() {
    return space;
  }

  void lossesPerThousandForces(int losses) {
    lossesPerThousandForces = losses;
  }

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public Storage open(StorageContext context) {
    if (incarnation == 0) {
      incarnation = context.newIncarnation();
    }
    return new Opened();
  }

  private final class Opened implements Storage {

    @Override
    public long incarnation() {
      return incarnation;
    }

    @Override
    public GroupLog openLog(String group) {
      disk.open();
      snapshots.restart();
      return disk;
    }

    @Override
    public SnapshotStore openSnapshots(String group) {
      return snapshots;
    }

    @Override
    public void force() {
      if (random.nextInt(1_000) < lossesPerThousandForces) {
        throw new PowerLoss();
      }
      disk.force();
      forced.run();
      if (random.nextInt(1_000) < lossesPerThousandForces) {
        throw new PowerLoss();
      }
    }

    @Override
    public boolean hasSpace() {
      return space.hasSpace();
    }

    @Override
    public long reserveBytes() {
      return space.promise();
    }

    @Override
    public void close() {}
  }
}
