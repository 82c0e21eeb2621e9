package dev.quorate.raft.api.transport;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.Settings;
import java.util.Objects;

/**
 * What a transport serves.
 *
 * @param cluster the cluster's name, 1 to 64 characters; the handshake refuses connections of
 *     another
 * @param self this node
 * @param bind where to listen
 * @param maxFrameBytes the length of the longest frame that is sent or accepted, in bytes
 * @param settings all settings of the node
 */
public record TransportContext(
    String cluster, NodeId self, Address bind, int maxFrameBytes, Settings settings) {

  /** Checks that nothing is missing. */
  public TransportContext {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(self, "self");
    Objects.requireNonNull(bind, "bind");
    Objects.requireNonNull(settings, "settings");
    if (maxFrameBytes <= 0) {
      throw new IllegalArgumentException("maxFrameBytes " + maxFrameBytes + " must be positive");
    }
  }
}
