package dev.quorate.raft.testkit.simulation;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.random.RandomGenerator;

/**
 * Saves a node's snapshot, and makes another cluster of it. Both may be cut short by the end of the
 * process, or of its power: what has its name then must be whole. Whatever else they leave is
 * deleted before they are called again, and so is all of it when they throw an exception.
 */
public interface BackupTool {

  /**
   * Copies the newest whole snapshot of a group.
   *
   * @param data the data directory of a node that does not run
   * @param group the group
   * @param file the file to make
   * @throws IOException if there is no whole one, or something cannot be read or written
   */
  void backUp(Path data, String group, Path file) throws IOException;

  /**
   * Makes the data directories of a new cluster, each below one directory and named by its node.
   *
   * @param file what was saved
   * @param cluster the new cluster's name
   * @param nodes its nodes
   * @param random where whatever is random comes from
   * @param wallMillis what a clock shows
   * @param directory the directory to make
   * @throws IOException if something cannot be read or written
   */
  void restore(
      Path file,
      String cluster,
      SortedMap<NodeId, Address> nodes,
      RandomGenerator random,
      long wallMillis,
      Path directory)
      throws IOException;
}
