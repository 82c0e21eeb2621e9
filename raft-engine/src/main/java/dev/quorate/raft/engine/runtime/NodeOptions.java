package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.message.FeatureLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node is started with.
 *
 * @param id the node
 * @param cluster the cluster's name
 * @param nodes the static list of all nodes, this one among them, of which the first founds a new
 *     cluster; or, without this one, some members of a cluster that is there and that it joins
 * @param address where the others reach this node
 * @param stateMachine the user's state machine
 * @param directory where the node's data is
 * @param bind where to listen
 * @param holder who holds the directory, for messages
 * @param transport the transport
 * @param storage the storage
 * @param settings all settings
 * @param metrics takes what the node measures
 * @param level the highest feature level that it supports; another than this version's in tests
 * @param askAt where members listen whose ids it asks for, if it joins
 */
public record NodeOptions(
    NodeId id,
    String cluster,
    List<ListedNode> nodes,
    Address address,
    StateMachine stateMachine,
    Path directory,
    Address bind,
    String holder,
    TransportProvider transport,
    StorageProvider storage,
    Settings settings,
    RaftMetrics metrics,
    int level,
    List<Address> askAt) {

  /** Copies the lists and checks that nothing is missing. */
  public NodeOptions {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(cluster, "cluster");
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(stateMachine, "stateMachine");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(bind, "bind");
    Objects.requireNonNull(holder, "holder");
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(metrics, "metrics");
    askAt = List.copyOf(askAt);
  }

  /** A node whose measurements nobody takes. */
  public NodeOptions(
      NodeId id,
      String cluster,
      List<ListedNode> nodes,
      Address address,
      StateMachine stateMachine,
      Path directory,
      Address bind,
      String holder,
      TransportProvider transport,
      StorageProvider storage,
      Settings settings) {
    this(
        id,
        cluster,
        nodes,
        address,
        stateMachine,
        directory,
        bind,
        holder,
        transport,
        storage,
        settings,
        RaftMetrics.NONE);
  }

  /** A node of this version. */
  public NodeOptions(
      NodeId id,
      String cluster,
      List<ListedNode> nodes,
      Address address,
      StateMachine stateMachine,
      Path directory,
      Address bind,
      String holder,
      TransportProvider transport,
      StorageProvider storage,
      Settings settings,
      RaftMetrics metrics) {
    this(
        id,
        cluster,
        nodes,
        address,
        stateMachine,
        directory,
        bind,
        holder,
        transport,
        storage,
        settings,
        metrics,
        FeatureLevel.SUPPORTED,
        List.of());
  }

  /** The same node, of a version that supports another feature level. */
  public NodeOptions withLevel(int supported) {
    return with(supported, askAt);
  }

  /** The same node, which asks who listens at those addresses, if it joins. */
  public NodeOptions askingAt(List<Address> addresses) {
    return with(level, addresses);
  }

  private NodeOptions with(int supported, List<Address> addresses) {
    return new NodeOptions(
        id,
        cluster,
        nodes,
        address,
        stateMachine,
        directory,
        bind,
        holder,
        transport,
        storage,
        settings,
        metrics,
        supported,
        addresses);
  }

  /** The host of a node that is alone on it. */
  HostOptions host() {
    return new HostOptions(
        id, cluster, nodes, address, directory, bind, holder, transport, storage, settings, metrics,
        askAt);
  }

  /** Where the nodes of the list are. */
  SortedMap<NodeId, Address> addresses() {
    SortedMap<NodeId, Address> all = new TreeMap<>();
    nodes.forEach(node -> all.put(node.id(), node.address()));
    return all;
  }

  /** Whether the node joins a cluster that is there, and founds none. */
  public boolean joins() {
    return nodes.stream().noneMatch(node -> node.id().equals(id));
  }
}
