package dev.quorate.raft.engine;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.LocalNode;
import dev.quorate.raft.engine.runtime.NodeOptions;
import dev.quorate.raft.engine.runtime.Plugins;
import dev.quorate.raft.engine.runtime.ThreadedEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Describes a node and starts it. Cluster, state machine and data directory are required; all else
 * has defaults. Not for several threads at a time.
 */
public final class RaftNodeBuilder {

  private static final Pattern CLUSTER_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final NodeId id;
  private String cluster;
  private List<ListedNode> nodes = List.of();
  private StateMachine stateMachine;
  private Path dataDirectory;
  private Settings settings = Settings.empty();
  private Optional<Address> joinsAt = Optional.empty();
  private Optional<Address> bind = Optional.empty();
  private Optional<TransportProvider> transport = Optional.empty();
  private Optional<StorageProvider> storage = Optional.empty();
  private RaftMetrics metrics = RaftMetrics.NONE;

  RaftNodeBuilder(NodeId id) {
    this.id = Objects.requireNonNull(id, "id");
  }

  /**
   * Names the cluster and all nodes that it begins with. Every node is started with the same list;
   * the first of it founds the cluster once all are there. After that the members are those that
   * the cluster itself remembers, and the list is only used to begin with.
   *
   * @param name the cluster's name: 1 to 64 letters, digits, {@code '.'}, {@code '_'} or {@code
   *     '-'}
   * @param nodeList ids and addresses, as in {@code n1=host1:7001,n2=host2:7001,n3=host3:7001}
   * @return this builder
   * @throws ConfigurationException if the name or the list has another form
   */
  public RaftNodeBuilder cluster(String name, String nodeList) {
    return cluster(name, parse(nodeList));
  }

  private static Map<NodeId, Address> parse(String nodeList) {
    Map<NodeId, Address> byId = new LinkedHashMap<>();
    for (String item : nodeList.split(",", -1)) {
      String[] parts = item.strip().split("=", 2);
      if (parts.length != 2) {
        throw new ConfigurationException(
            "'" + item.strip() + "' in the list of nodes is not of the form id=host:port");
      }
      try {
        NodeId node = NodeId.of(parts[0].strip());
        if (byId.put(node, Address.parse(parts[1].strip())) != null) {
          throw new ConfigurationException("node " + node + " is listed twice");
        }
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            "'" + item.strip() + "' in the list of nodes: " + e.getMessage(), e);
      }
    }
    return byId;
  }

  /**
   * Names the cluster and all nodes that it begins with, as {@link #cluster(String, String)} does.
   *
   * @param name the cluster's name
   * @param nodeList addresses by id, in the same order on every node, as in a {@link LinkedHashMap}
   * @return this builder
   * @throws ConfigurationException if the name is not a legal one or the list is empty
   */
  public RaftNodeBuilder cluster(String name, Map<NodeId, Address> nodeList) {
    if (!CLUSTER_NAME.matcher(name).matches()) {
      throw new ConfigurationException(
          "cluster name '" + name + "' must be 1 to 64 letters, digits, '.', '_' or '-'");
    }
    if (nodeList.isEmpty()) {
      throw new ConfigurationException("the list of nodes of cluster '" + name + "' is empty");
    }
    List<ListedNode> listed = new ArrayList<>();
    nodeList.forEach((node, address) -> listed.add(new ListedNode(node, address)));
    cluster = name;
    nodes = listed;
    joinsAt = Optional.empty();
    return this;
  }

  /**
   * Names a cluster that is there and that this node joins, instead of {@link #cluster(String,
   * String)}. With an empty disk the node waits until it is let in: {@code addMember} or {@code
   * addLearner} on any member (see {@link dev.quorate.raft.api.GroupMembership}). Nobody lets
   * himself in. With a disk on which it is a member it goes on as that.
   *
   * @param name the cluster's name
   * @param members one or more members that are there, as in {@code n1=host1:7001,n2=host2:7001};
   *     the others are learnt from them
   * @param own where the others are to reach this node
   * @return this builder
   * @throws ConfigurationException if the name or the list has another form, or names this node
   */
  public RaftNodeBuilder join(String name, String members, Address own) {
    Map<NodeId, Address> byId = parse(members);
    if (byId.containsKey(id)) {
      throw new ConfigurationException(
          "node " + id + " cannot join at itself; name other members of cluster '" + name + "'");
    }
    if (own.port() == 0) {
      throw new ConfigurationException("nobody can reach node " + id + " at " + own);
    }
    cluster(name, byId);
    joinsAt = Optional.of(own);
    return this;
  }

  /**
   * Sets the state machine that this node applies commands to. It must be fresh: everything that
   * was committed is applied to it again.
   *
   * @param machine the state machine
   * @return this builder
   */
  public RaftNodeBuilder stateMachine(StateMachine machine) {
    stateMachine = Objects.requireNonNull(machine, "machine");
    return this;
  }

  /**
   * Sets where the node keeps its data. The directory is this node's alone, and is made if it is
   * absent.
   *
   * @param directory the directory
   * @return this builder
   */
  public RaftNodeBuilder dataDirectory(Path directory) {
    dataDirectory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /**
   * Replaces all settings.
   *
   * @param all the settings
   * @return this builder
   */
  public RaftNodeBuilder settings(Settings all) {
    settings = Objects.requireNonNull(all, "all");
    return this;
  }

  /**
   * Sets one setting, as in {@code setting("raft.heartbeat", "100ms")}. What is wrong with it is
   * said at start.
   *
   * @param key the key
   * @param value its value
   * @return this builder
   */
  public RaftNodeBuilder setting(String key, String value) {
    settings = settings.with(key, value);
    return this;
  }

  /**
   * Sets where to listen, if that is not the address of this node in the list.
   *
   * @param address the address
   * @return this builder
   */
  public RaftNodeBuilder bind(Address address) {
    bind = Optional.of(address);
    return this;
  }

  /**
   * Sets the transport directly, instead of by the key {@code raft.transport}.
   *
   * @param provider makes the transport
   * @return this builder
   */
  public RaftNodeBuilder transport(TransportProvider provider) {
    transport = Optional.of(provider);
    return this;
  }

  /**
   * Sets the storage directly, instead of by the key {@code raft.storage}.
   *
   * @param provider opens the storage
   * @return this builder
   */
  public RaftNodeBuilder storage(StorageProvider provider) {
    storage = Optional.of(provider);
    return this;
  }

  /**
   * Sets who takes what the node measures; nobody does unless this is called.
   *
   * @param taker takes the values; it is called by the node's threads and must not block
   * @return this builder
   */
  public RaftNodeBuilder metrics(RaftMetrics taker) {
    metrics = Objects.requireNonNull(taker, "taker");
    return this;
  }

  /**
   * Says what {@link #start} would find wrong in this description, and touches neither disk nor
   * network.
   *
   * @throws ConfigurationException if something required is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   */
  public void check() {
    checkedOptions();
  }

  /**
   * Starts the node. It returns as soon as the node listens; a leader, and in a new cluster the
   * other nodes, may still be missing, for which calls wait within their deadlines.
   *
   * @return the node, to be closed some day
   * @throws ConfigurationException if something required is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   * @throws IOException if the data cannot be opened or the address not be bound; nothing is left
   *     then
   */
  public RaftNode start() throws IOException {
    NodeOptions options = checkedOptions();
    ThreadedEnvironment environment = new ThreadedEnvironment(id.value());
    boolean started = false;
    try {
      RaftNode node = LocalNode.start(options, environment);
      started = true;
      return node;
    } finally {
      if (!started) {
        environment.shutDown(() -> {});
      }
    }
  }

  private NodeOptions checkedOptions() {
    NodeOptions options = options();
    EngineSettings.of(settings, options.transport().name(), options.storage().name());
    options.transport().check(settings);
    options.storage().check(settings);
    return options;
  }

  private NodeOptions options() {
    require(cluster != null, "cluster(name, nodes) or join(name, members, address)");
    require(stateMachine != null, "stateMachine(machine)");
    require(dataDirectory != null, "dataDirectory(path)");
    Address own = joinsAt.orElseGet(this::listedAddress);
    return new NodeOptions(
        id,
        cluster,
        nodes,
        own,
        stateMachine,
        dataDirectory,
        bind.orElse(own),
        "process " + ProcessHandle.current().pid(),
        transport.orElseGet(() -> Plugins.transport(settings)),
        storage.orElseGet(() -> Plugins.storage(settings)),
        settings,
        metrics);
  }

  private Address listedAddress() {
    return nodes.stream()
        .filter(node -> node.id().equals(id))
        .map(ListedNode::address)
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "node "
                        + id
                        + " is not in the list of nodes: "
                        + nodes.stream().map(ListedNode::id).toList()));
  }

  private void require(boolean given, String method) {
    if (!given) {
      throw new ConfigurationException("node " + id + " cannot start without " + method);
    }
  }
}
