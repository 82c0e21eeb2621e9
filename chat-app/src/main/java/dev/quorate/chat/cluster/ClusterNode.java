package dev.quorate.chat.cluster;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;

/**
 * A node of the cluster file.
 *
 * @param id 1 to 999; as decimal digits it is the node's name in Raft too
 * @param host where the node listens and where the others find it: a name or a literal IP address
 * @param chatPort the port for chat clients and operators
 * @param raftPort the port for the other nodes
 */
public record ClusterNode(int id, String host, int chatPort, int raftPort) {

  private static final int MAX_ID = 999;
  private static final int MAX_PORT = 65_535;

  public ClusterNode {
    if (id < 1 || id > MAX_ID) {
      throw new IllegalArgumentException("node id " + id + " is not 1 to " + MAX_ID);
    }
    if (host.isBlank() || !host.equals(host.strip())) {
      throw new IllegalArgumentException("node " + id + " has no usable host: '" + host + "'");
    }
    port(id, "chatPort", chatPort);
    port(id, "raftPort", raftPort);
  }

  private static void port(int id, String key, int port) {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          key + " " + port + " of node " + id + " is not 1 to " + MAX_PORT);
    }
  }

  /** Where chat clients connect. */
  public Address chatAddress() {
    return new Address(host, chatPort);
  }

  /** Where the other nodes connect. */
  public Address raftAddress() {
    return new Address(host, raftPort);
  }

  /** The node's name in Raft. */
  public NodeId raftId() {
    return NodeId.of(Integer.toString(id));
  }

  /** The same node at another host. */
  public ClusterNode at(String otherHost) {
    return new ClusterNode(id, otherHost, chatPort, raftPort);
  }
}
