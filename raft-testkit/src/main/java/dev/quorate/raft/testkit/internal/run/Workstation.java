package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.testkit.disk.DiskFault;
import dev.quorate.raft.testkit.disk.SimulatedCrash;
import dev.quorate.raft.testkit.disk.SimulatedDisk;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.node.World;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.BackupTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Where an operator backs up and restores, with a disk of its own. It may end in the middle, and
 * its disk may fail; then what is not whole is deleted, for another try.
 */
final class Workstation {

  /** Where the new cluster's directories are. */
  static final String RESTORED = "/restored";

  private static final String BACKUP = "/backup";

  /** Of so many operations on the disk, about one fails, where any do. */
  private static final int RARE = 40;

  private static final int MAX_DOUBLINGS = 9;

  private final BackupTool tool;
  private final RandomGenerator random;
  private final SimulatedDisk disk;
  private int interrupted;

  Workstation(BackupTool tool, RandomGenerator random) {
    this.tool = tool;
    this.random = random;
    this.disk = SimulatedDisk.create(random.nextLong());
  }

  @FunctionalInterface
  private interface Making {
    void at(Path path) throws IOException;
  }

  /** Backs up a node that does not run; tells whether there is a backup now. */
  boolean backUp(SimulatedNode node, String group) {
    return make(BACKUP, path -> tool.backUp(node.main().directory(), group, path));
  }

  /** Makes the new cluster's directories; tells whether they are there now. */
  boolean restore(SortedMap<NodeId, Address> nodes) {
    long wallMillis = random.nextLong(1L << 40);
    return make(
        RESTORED,
        path -> {
          Path backup = disk.path(BACKUP);
          Violation.unless(Files.exists(backup), "I19", () -> "the backup is gone");
          try {
            tool.restore(backup, World.CLUSTER, nodes, random, wallMillis, path);
          } catch (CorruptionException e) {
            throw new Violation("I19", "the backup is damaged: " + e.getMessage());
          }
        });
  }

  /** How often the tool ended in the middle. */
  int interrupted() {
    return interrupted;
  }

  /** Its disk as it is now. */
  SimulatedDisk disk() {
    return disk;
  }

  /** What is below a directory, by the path from there. */
  SortedMap<String, byte[]> below(String directory) {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (String file : disk.files().keySet()) {
      if (file.startsWith(directory + "/")) {
        found.put(file.substring(directory.length()), disk.content(file));
      }
    }
    return found;
  }

  private boolean make(String name, Making making) {
    boolean ends = random.nextInt(3) > 0;
    disk.crashAt(ends ? random.nextInt(1 << random.nextInt(MAX_DOUBLINGS)) : -1);
    boolean fails = random.nextInt(4) == 0;
    disk.plan(
        operation -> fails && random.nextInt(RARE) == 0 ? DiskFault.IO_ERROR : DiskFault.NONE);
    boolean done = false;
    boolean failed = false;
    try {
      making.at(disk.path(name));
      done = true;
    } catch (SimulatedCrash e) {
      interrupted++;
    } catch (IOException e) {
      failed = true;
    }
    disk.plan(operation -> DiskFault.NONE);
    disk.kill();
    boolean seen = Files.exists(disk.path(name));
    if (seen && !done || random.nextBoolean()) {
      // Whoever was not told that it is done does not rely on a name that may be in the cache only.
      disk.losePower();
    }
    boolean there = Files.exists(disk.path(name)) && !failed;
    Violation.unless(there || !done, "I19", () -> name + " was made and is gone");
    if (!there) {
      deleteAllBut(name.equals(BACKUP) ? "" : BACKUP);
    }
    return there;
  }

  private void deleteAllBut(String kept) {
    try (Stream<Path> all = Files.list(disk.root())) {
      all.map(Path::toString).filter(it -> !it.equals(kept)).toList().forEach(disk::remove);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
