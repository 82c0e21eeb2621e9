package dev.quorate.raft.transport.tcp.wire;

import java.nio.ByteBuffer;

/**
 * The dialler's first message: who it is and whom it believes to have reached. An address is no
 * identity, so a connection to the wrong process must be found out here.
 *
 * @param minVersion the lowest version that the dialler speaks
 * @param maxVersion the highest
 * @param cluster the name of its cluster
 * @param from its own node id, not yet checked; empty if it is a client outside the cluster
 * @param to the node it believes it dials; empty if it is a client, which means any
 */
public record Hello(int minVersion, int maxVersion, String cluster, String from, String to) {

  static final int MAGIC = 0x51525468; // QRTh

  /**
   * A hello that offers the versions of this code.
   *
   * @param cluster the name of the cluster
   * @param from this node
   * @param to the node that is dialled
   * @return the hello
   */
  public static Hello of(String cluster, String from, String to) {
    return new Hello(Versions.MIN, Versions.MAX, cluster, from, to);
  }

  /**
   * The hello of a client, which is no node and means whichever node listens: it names neither. A
   * node that serves no clients refuses it as one for another node.
   *
   * @param cluster the name of the cluster
   * @return the hello
   */
  public static Hello ofClient(String cluster) {
    return of(cluster, "", "");
  }

  /**
   * Whether a client says it.
   *
   * @return {@code true} if it names no nodes
   */
  public boolean isClients() {
    return from.isEmpty() && to.isEmpty();
  }

  /**
   * The whole message.
   *
   * @return its bytes
   */
  public ByteBuffer encode() {
    ByteBuffer body = ByteBuffer.allocate(Greetings.MAX_BODY_BYTES);
    body.putShort((short) minVersion).putShort((short) maxVersion);
    Greetings.putText(body, cluster);
    Greetings.putText(body, from);
    Greetings.putText(body, to);
    return Greetings.wrap(MAGIC, body.flip());
  }

  /**
   * Reads a body. Where no version is common the names stay empty, because their form is then not
   * known; bytes behind the last name belong to later versions.
   *
   * @param body the body, as {@link GreetingDecoder} gave it
   * @return the hello
   * @throws WireException if it is malformed
   */
  public static Hello decode(ByteBuffer body) throws WireException {
    if (body.remaining() < 2 * Short.BYTES) {
      throw new WireException("a handshake without versions");
    }
    int min = Short.toUnsignedInt(body.getShort());
    int max = Short.toUnsignedInt(body.getShort());
    if (Versions.common(min, max) == 0) {
      return new Hello(min, max, "", "", "");
    }
    return new Hello(
        min,
        max,
        Greetings.text(body, "a cluster"),
        Greetings.text(body, "its sender"),
        Greetings.text(body, "its target"));
  }
}
