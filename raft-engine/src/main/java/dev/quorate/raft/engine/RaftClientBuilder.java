package dev.quorate.raft.engine;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.RaftClient;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.transport.TransportProvider;
import dev.quorate.raft.engine.runtime.ClientOptions;
import dev.quorate.raft.engine.runtime.Plugins;
import dev.quorate.raft.engine.runtime.RemoteClient;
import dev.quorate.raft.engine.runtime.ThreadedEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Describes a client outside the cluster and starts it. Not for several threads at a time. */
public final class RaftClientBuilder {

  private static final Pattern CLUSTER_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Clients of this process are told apart in names of threads. */
  private static final AtomicLong LAST_NUMBER = new AtomicLong();

  private final String cluster;
  private final List<Address> nodes;
  private Settings settings = Settings.empty();
  private Optional<TransportProvider> transport = Optional.empty();

  RaftClientBuilder(String cluster, List<Address> nodes) {
    if (!CLUSTER_NAME.matcher(cluster).matches()) {
      throw new ConfigurationException(
          "cluster name '" + cluster + "' must be 1 to 64 letters, digits, '.', '_' or '-'");
    }
    if (nodes.isEmpty()) {
      throw new ConfigurationException(
          "a client of cluster '" + cluster + "' needs the address of a node");
    }
    for (Address address : nodes) {
      if (address.port() == 0) {
        throw new ConfigurationException(
            "no node can be reached at " + address + "; name the port that it listens at");
      }
    }
    this.cluster = cluster;
    this.nodes = List.copyOf(nodes);
  }

  static List<Address> parse(String nodes) {
    List<Address> addresses = new ArrayList<>();
    for (String item : nodes.split(",", -1)) {
      // The form in which nodes are listed serves as well.
      String address = item.substring(item.indexOf('=') + 1).strip();
      try {
        addresses.add(Address.parse(address));
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            "'" + item.strip() + "' in the list of nodes: " + e.getMessage(), e);
      }
    }
    return addresses;
  }

  /**
   * Replaces all settings.
   *
   * @param all the settings
   * @return this builder
   */
  public RaftClientBuilder settings(Settings all) {
    settings = Objects.requireNonNull(all, "all");
    return this;
  }

  /**
   * Sets one setting, as in {@code setting("raft.call-timeout", "2s")}. What is wrong with it is
   * said at start.
   *
   * @param key the key
   * @param value its value
   * @return this builder
   */
  public RaftClientBuilder setting(String key, String value) {
    settings = settings.with(key, value);
    return this;
  }

  /**
   * Sets the transport directly, instead of by the key {@code raft.transport}.
   *
   * @param provider makes the transport
   * @return this builder
   */
  public RaftClientBuilder transport(TransportProvider provider) {
    transport = Optional.of(Objects.requireNonNull(provider, "provider"));
    return this;
  }

  /**
   * Starts the client, which begins to look for the leader. Returns at once: calls wait within
   * their deadlines for what is not there yet.
   *
   * @return the client, to be closed some day
   * @throws ConfigurationException if a setting is unknown, ill-formed or does not fit the others,
   *     or the transport serves no clients
   */
  public RaftClient start() {
    String name = "client-" + LAST_NUMBER.incrementAndGet();
    ClientOptions options =
        new ClientOptions(
            name, cluster, nodes, transport.orElseGet(() -> Plugins.transport(settings)), settings);
    ThreadedEnvironment environment = new ThreadedEnvironment(name);
    boolean started = false;
    try {
      RaftClient client = RemoteClient.start(options, environment);
      started = true;
      return client;
    } finally {
      if (!started) {
        environment.shutDown(() -> {});
      }
    }
  }
}
