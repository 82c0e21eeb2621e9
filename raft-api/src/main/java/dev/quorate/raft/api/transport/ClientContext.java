package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.config.Settings;
import java.util.Objects;

/**
 * What a client's transport serves.
 *
 * @param name the client's name in messages and names of threads; no identity
 * @param cluster the cluster's name, 1 to 64 characters; nodes of another refuse the link
 * @param maxFrameBytes the length of the longest frame that is sent or accepted, in bytes
 * @param settings all settings of the client, or of the node that asks as one
 */
public record ClientContext(String name, String cluster, int maxFrameBytes, Settings settings) {

  /** Checks that nothing is missing. */
  public ClientContext {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(settings, "settings");
    if (maxFrameBytes <= 0) {
      throw new IllegalArgumentException("maxFrameBytes " + maxFrameBytes + " must be positive");
    }
  }
}
