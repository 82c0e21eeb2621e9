package dev.quorate.raft.api.storage;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Whose storage it is, and where.
 *
 * @param directory where everything is kept; made if it is absent, with its parents. Every path is
 *     resolved from this one, so that its file system may be a simulated one
 * @param cluster the cluster's name
 * @param node the node
 * @param newIncarnation a random number other than 0, to be written durably as the node's
 *     incarnation if, and only if, the directory has no identity yet
 * @param holder who holds the directory, for the message that another opener gets, such as a
 *     process id
 * @param settings all settings of the node
 */
public record StorageContext(
    Path directory,
    String cluster,
    NodeId node,
    long newIncarnation,
    String holder,
    Settings settings) {

  /** Checks that nothing is missing. */
  public StorageContext {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(holder, "holder");
    Objects.requireNonNull(settings, "settings");
    if (newIncarnation == 0) {
      throw new IllegalArgumentException("an incarnation is never 0");
    }
  }
}
