package dev.quorate.chat.demo.machine;

/**
 * Where a node runs and how it is reached.
 *
 * @param node the node's number
 * @param local whether it is a process of this demo
 * @param host the address it binds and advertises
 * @param chatPort where chat clients, and the demo's probes, reach it
 * @param raftPort where the other nodes reach it
 */
public record Place(int node, boolean local, String host, int chatPort, int raftPort) {

  /** The chat address as people read it. */
  public String chatAddress() {
    return address(host, chatPort);
  }

  /** The Raft address as people read it. */
  public String raftAddress() {
    return address(host, raftPort);
  }

  private static String address(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
