package dev.quorate.raft.engine;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.metrics.RaftMetrics;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.engine.runtime.HostOptions;
import dev.quorate.raft.engine.runtime.Plugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is said of a node that is alone in its process and of a host of many groups alike: who it
 * is, who the others are, where its data is, and how it speaks and writes. Not for several threads
 * at a time.
 *
 * @param <B> the builder itself
 */
public abstract sealed class HostDescription<B extends HostDescription<B>>
    permits RaftNodeBuilder, RaftHostBuilder {

  private static final Pattern CLUSTER_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final NodeId id;
  private String cluster;
  private List<ListedNode> nodes = List.of();
  private List<Address> askAt = List.of();
  private Path dataDirectory;
  private Settings settings = Settings.empty();
  private Optional<Address> joinsAt = Optional.empty();
  private Optional<Address> bind = Optional.empty();
  private Optional<TransportProvider> transport = Optional.empty();
  private Optional<StorageProvider> storage = Optional.empty();
  private RaftMetrics metrics = RaftMetrics.NONE;

  HostDescription(NodeId id) {
    this.id = id;
  }

  /** This, as what it is. */
  abstract B self();

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
  public B cluster(String name, String nodeList) {
    return cluster(name, MemberList.ofNamed(nodeList));
  }

  /**
   * Names the cluster and all nodes that it begins with, as {@link #cluster(String, String)} does.
   *
   * @param name the cluster's name
   * @param nodeList addresses by id, in the same order on every node, as in a {@link LinkedHashMap}
   * @return this builder
   * @throws ConfigurationException if the name is not a legal one or the list is empty
   */
  public B cluster(String name, Map<NodeId, Address> nodeList) {
    requireClusterName(name);
    if (nodeList.isEmpty()) {
      throw new ConfigurationException("the list of nodes of cluster '" + name + "' is empty");
    }
    return nodes(name, nodeList, List.of(), Optional.empty());
  }

  private static void requireClusterName(String name) {
    if (!CLUSTER_NAME.matcher(name).matches()) {
      throw new ConfigurationException(
          "cluster name '" + name + "' must be 1 to 64 letters, digits, '.', '_' or '-'");
    }
  }

  private B nodes(
      String name, Map<NodeId, Address> byId, List<Address> unnamed, Optional<Address> own) {
    List<ListedNode> listed = new ArrayList<>();
    byId.forEach((node, address) -> listed.add(new ListedNode(node, address)));
    cluster = name;
    nodes = listed;
    askAt = List.copyOf(unnamed);
    joinsAt = own;
    return self();
  }

  /**
   * Names a cluster that is there and that this node joins, instead of {@link #cluster(String,
   * String)}. With an empty disk the node waits until it is let in: {@code addMember} or {@code
   * addLearner} on any member (see {@link dev.quorate.raft.api.GroupMembership}). Nobody lets
   * himself in. With a disk on which it is a member it goes on as that.
   *
   * <p>The address of one live member is enough; the others are learnt from whoever answers. Where
   * an address stands alone, the node asks there, as a client outside the cluster would, which
   * member it is, again and again until it is let in. What it found at which address, and why
   * nobody, is in its {@linkplain dev.quorate.raft.api.NodeCondition.NotAMember condition}. A
   * member that serves no clients ({@code raft.clients.max=0}), or a transport that does not, takes
   * no such questions: give the member's id, too.
   *
   * @param name the cluster's name
   * @param members one or more members that are there, each by its address, as in {@code
   *     host1:7001}, or with its id, as in {@code n1=host1:7001}, separated by commas. This node's
   *     own address is left out, so that all newcomers may be given the same list
   * @param own where the others are to reach this node
   * @return this builder
   * @throws ConfigurationException if the name or the list has another form, or nobody is listed
   *     but this node
   */
  public B join(String name, String members, Address own) {
    requireClusterName(name);
    MemberList list = MemberList.ofEither(members);
    List<Address> unnamed =
        list.unnamed().stream().filter(address -> !address.equals(own)).toList();
    if (list.named().containsKey(id) || list.named().isEmpty() && unnamed.isEmpty()) {
      throw new ConfigurationException(
          "node " + id + " cannot join at itself; name other members of cluster '" + name + "'");
    }
    if (own.port() == 0) {
      throw new ConfigurationException("nobody can reach node " + id + " at " + own);
    }
    return nodes(name, list.named(), unnamed, Optional.of(own));
  }

  /**
   * Sets where the node keeps its data. The directory is this node's alone, and is made if it is
   * absent.
   *
   * @param directory the directory
   * @return this builder
   */
  public B dataDirectory(Path directory) {
    dataDirectory = Objects.requireNonNull(directory, "directory");
    return self();
  }

  /**
   * Replaces all settings.
   *
   * @param all the settings
   * @return this builder
   */
  public B settings(Settings all) {
    settings = Objects.requireNonNull(all, "all");
    return self();
  }

  /**
   * Sets one setting, as in {@code setting("raft.heartbeat", "100ms")}. What is wrong with it is
   * said at start.
   *
   * @param key the key
   * @param value its value
   * @return this builder
   */
  public B setting(String key, String value) {
    settings = settings.with(key, value);
    return self();
  }

  /**
   * Sets where to listen, if that is not the address of this node in the list.
   *
   * @param address the address
   * @return this builder
   */
  public B bind(Address address) {
    bind = Optional.of(address);
    return self();
  }

  /**
   * Sets the transport directly, instead of by the key {@code raft.transport}.
   *
   * @param provider makes the transport
   * @return this builder
   */
  public B transport(TransportProvider provider) {
    transport = Optional.of(provider);
    return self();
  }

  /**
   * Sets the storage directly, instead of by the key {@code raft.storage}.
   *
   * @param provider opens the storage
   * @return this builder
   */
  public B storage(StorageProvider provider) {
    storage = Optional.of(provider);
    return self();
  }

  /**
   * Sets who takes what the node measures; nobody does unless this is called.
   *
   * @param taker takes the values; it is called by the node's threads and must not block
   * @return this builder
   */
  public B metrics(RaftMetrics taker) {
    metrics = Objects.requireNonNull(taker, "taker");
    return self();
  }

  /** Refuses to start without what is required. */
  void requireAll() {
    require(cluster != null, "cluster(name, nodes) or join(name, members, address)");
    require(dataDirectory != null, "dataDirectory(path)");
  }

  /**
   * Says what {@code start()} would find wrong in this description, and touches neither disk nor
   * network.
   *
   * @throws ConfigurationException if something required is missing, or a setting is unknown,
   *     ill-formed or does not fit the others
   */
  public void check() {
    describe();
  }

  /** What was said, if all is there that must be, and right. */
  HostOptions describe() {
    requireAll();
    Address own = joinsAt.orElseGet(this::listedAddress);
    HostOptions options =
        new HostOptions(
            id,
            cluster,
            nodes,
            own,
            dataDirectory,
            bind.orElse(own),
            "process " + ProcessHandle.current().pid(),
            transport.orElseGet(() -> Plugins.transport(settings)),
            storage.orElseGet(() -> Plugins.storage(settings)),
            settings,
            metrics,
            askAt);
    EngineSettings checked =
        EngineSettings.of(settings, options.transport().name(), options.storage().name());
    options.transport().check(settings);
    options.storage().check(settings);
    options.checkAskAt(checked.maxFrameBytes());
    return options;
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

  /** Refuses to start without something. */
  void require(boolean given, String method) {
    if (!given) {
      throw new ConfigurationException("node " + id + " cannot start without " + method);
    }
  }
}
