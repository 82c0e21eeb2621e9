package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportProvider;
import java.util.List;
import java.util.Objects;

/**
 * What a client outside the cluster is started with.
 *
 * @param name the client's name in messages and names of threads
 * @param cluster the cluster's name
 * @param nodes addresses of some nodes, at least one
 * @param transport the transport
 * @param settings all settings
 */
public record ClientOptions(
    String name,
    String cluster,
    List<Address> nodes,
    TransportProvider transport,
    Settings settings) {

  /** Copies the list and checks that nothing is missing. */
  public ClientOptions {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(cluster, "cluster");
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(settings, "settings");
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a client without the address of any node");
    }
  }
}
