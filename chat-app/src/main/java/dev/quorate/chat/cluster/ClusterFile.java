package dev.quorate.chat.cluster;

import dev.quorate.chat.json.StrictJson;
import dev.quorate.chat.json.UnreadableJsonException;
import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.config.ConfigurationException;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cluster file. All its keys must be there, and no other.
 *
 * @param cluster the cluster's name
 * @param nodes its nodes
 * @param transport the short name of the transport between nodes
 * @param storage the short name of the storage of their logs
 * @param initialLeader the node that leads at a fresh start
 * @param settings further flat keys of the Raft library, such as {@code "raft.heartbeat": "50ms"}
 */
public record ClusterFile(
    String cluster,
    List<ClusterNode> nodes,
    String transport,
    String storage,
    int initialLeader,
    Map<String, String> settings) {

  private static final int DEFAULT_NODES = 5;
  private static final int DEFAULT_CHAT_PORT = 50_050;
  private static final int DEFAULT_RAFT_PORT = 50_060;
  private static final int DEFAULT_LEADER = 2;

  /** Keys of the settings that the file has a place of its own for. */
  private static final Map<String, String> OWN_PLACE =
      Map.of("raft.cluster", "cluster", "raft.transport", "transport", "raft.storage", "storage");

  /** Copies the containers and checks what belongs together. */
  public ClusterFile {
    nodes = List.copyOf(nodes);
    SortedMap<String, String> sorted = new TreeMap<>(settings);
    settings = Collections.unmodifiableSortedMap(sorted);
    requireText("cluster", cluster);
    requireText("transport", transport);
    requireText("storage", storage);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("key 'nodes' names no node");
    }
    requireDistinct(nodes);
    requireRaftTakes(cluster, nodes);
    if (nodes.stream().noneMatch(node -> node.id() == initialLeader)) {
      throw new IllegalArgumentException(
          "initialLeader " + initialLeader + " is none of the nodes");
    }
    for (String key : settings.keySet()) {
      String place = OWN_PLACE.get(key);
      if (place != null) {
        throw new IllegalArgumentException("settings key '" + key + "': use key '" + place + "'");
      }
    }
  }

  /** Five nodes: ids 1 to 5, chat on port 50050 + id, Raft on 50060 + id, all on one host. */
  public static ClusterFile ofFive(String host) {
    List<ClusterNode> nodes =
        IntStream.rangeClosed(1, DEFAULT_NODES)
            .mapToObj(
                id -> new ClusterNode(id, host, DEFAULT_CHAT_PORT + id, DEFAULT_RAFT_PORT + id))
            .toList();
    return new ClusterFile("chat", nodes, "tcp", "file", DEFAULT_LEADER, Map.of());
  }

  /**
   * Reads a cluster file.
   *
   * @throws ClusterFileException if it cannot be read or is not a cluster file; the message names
   *     the file and the key
   */
  public static ClusterFile read(Path file) {
    try {
      return StrictJson.read(Files.readString(file), ClusterFile.class);
    } catch (NoSuchFileException e) {
      throw new ClusterFileException("cluster file " + file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new ClusterFileException("cluster file " + file + " is no UTF-8 text", e);
    } catch (IOException e) {
      throw new ClusterFileException("cluster file " + file + " cannot be read: " + e, e);
    } catch (UnreadableJsonException e) {
      throw new ClusterFileException("cluster file " + file + ": " + e.getMessage(), e);
    }
  }

  /** Writes this cluster file, for people too. */
  public void write(Path file) throws IOException {
    Files.writeString(file, StrictJson.writeIndented(this));
  }

  /** The node of that id. */
  public Optional<ClusterNode> node(int id) {
    return nodes.stream().filter(node -> node.id() == id).findFirst();
  }

  /** The same cluster with other nodes. */
  public ClusterFile withNodes(List<ClusterNode> others) {
    return new ClusterFile(cluster, others, transport, storage, initialLeader, settings);
  }

  /** The same cluster with other plug-ins. */
  public ClusterFile withPlugins(String otherTransport, String otherStorage) {
    return new ClusterFile(cluster, nodes, otherTransport, otherStorage, initialLeader, settings);
  }

  /** The member list in the form that the Raft library takes: {@code 1=host:port,2=host:port}. */
  public String members() {
    return members(nodes);
  }

  /** The same without a node that is none of them yet. */
  public String membersBeside(ClusterNode newcomer) {
    return members(nodes.stream().filter(node -> !node.equals(newcomer)).toList());
  }

  private static String members(List<ClusterNode> nodes) {
    return nodes.stream()
        .map(node -> node.id() + "=" + node.raftAddress())
        .collect(Collectors.joining(","));
  }

  /** What the nodes would end of, one after the other, is said once and before. */
  private static void requireRaftTakes(String cluster, List<ClusterNode> nodes) {
    try {
      Raft.node(nodes.get(0).raftId()).cluster(cluster, members(nodes));
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void requireText(String key, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("key '" + key + "' is blank");
    }
  }

  private static void requireDistinct(List<ClusterNode> nodes) {
    Set<Integer> ids = new HashSet<>();
    Map<Address, String> taken = new HashMap<>();
    for (ClusterNode node : nodes) {
      if (!ids.add(node.id())) {
        throw new IllegalArgumentException("node id " + node.id() + " stands twice");
      }
      for (Address address : List.of(node.chatAddress(), node.raftAddress())) {
        String owner = "node " + node.id();
        String other = taken.put(address, owner);
        if (other != null) {
          throw new IllegalArgumentException(
              "address " + address + " of " + owner + " is also one of " + other);
        }
      }
    }
  }
}
