package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.ClientContext;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a host is opened with.
 *
 * @param id the node that this host is, in every group
 * @param cluster the cluster's name
 * @param nodes the hosts that a group begins with unless it names others
 * @param address where the others reach this host
 * @param directory where the data of all groups is
 * @param bind where to listen
 * @param holder who holds the directory, for messages
 * @param transport the transport
 * @param storage the storage
 * @param settings all settings, of which groups may have others
 * @param metrics takes what the host measures for all groups
 * @param askAt where members listen whose ids its groups ask for, if they join
 */
public record HostOptions(
    NodeId id,
    String cluster,
    List<ListedNode> nodes,
    Address address,
    Path directory,
    Address bind,
    String holder,
    TransportProvider transport,
    StorageProvider storage,
    Settings settings,
    RaftMetrics metrics,
    List<Address> askAt) {

  /** Copies the lists and checks that nothing is missing. */
  public HostOptions {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(cluster, "cluster");
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(bind, "bind");
    Objects.requireNonNull(holder, "holder");
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(metrics, "metrics");
    askAt = List.copyOf(askAt);
  }

  /** What it asks with, as a client of other hosts. */
  ClientContext asking(int maxFrameBytes) {
    return new ClientContext(id + "-asks", cluster, maxFrameBytes, settings);
  }

  /**
   * Says whether {@link #askAt} is of any use.
   *
   * @throws ConfigurationException if the transport serves no clients, and so cannot ask
   */
  public void checkAskAt(int maxFrameBytes) {
    if (!askAt.isEmpty()) {
      try {
        transport.client(asking(maxFrameBytes)).close();
      } catch (ConfigurationException e) {
        throw new ConfigurationException(
            "node "
                + id
                + " cannot ask who listens at "
                + askAt
                + ": "
                + e.getMessage()
                + ". Name each member together with its id, as in n1=host1:7001",
            e);
      }
    }
  }

  /**
   * A group's node on this host.
   *
   * @param groupNodes the nodes that the group begins with
   * @param machine its state machine
   * @param groupSettings all its settings, the group's id among them
   * @param groupMetrics takes what the group measures
   * @return what the node is started with
   */
  public NodeOptions node(
      List<ListedNode> groupNodes,
      StateMachine machine,
      Settings groupSettings,
      RaftMetrics groupMetrics) {
    return new NodeOptions(
            id,
            cluster,
            groupNodes,
            address,
            machine,
            directory,
            bind,
            holder,
            transport,
            storage,
            groupSettings,
            groupMetrics)
        .askingAt(askAt);
  }
}
