package dev.quorate.raft.engine.codec;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClusterId;
import dev.quorate.raft.engine.message.Peer;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Who says a message to whom. It stands before every message, so that one check in one place
 * decides whether a message is meant for this node as it is now (rule P1: identity is of cluster,
 * group, node, incarnation and boot, never of an address).
 *
 * <pre>
 * bytes      field
 *     1      protocol version, 1
 *    16      cluster id, 0 while the sender has none
 *   1 + n    group
 *   1 + n    sender's id
 *     8      sender's incarnation
 *     8      sender's boot
 *   1 + n    receiver's id
 *     8      receiver's incarnation, 0: any
 * </pre>
 *
 * @param clusterId the sender's cluster
 * @param group the group
 * @param from the sender
 * @param to the receiver
 * @param toIncarnation the disk that the receiver must have, or 0
 */
public record Envelope(
    ClusterId clusterId, String group, Peer from, NodeId to, long toIncarnation) {

  /** The one version of the protocol there is. */
  public static final int PROTOCOL_VERSION = 1;

  /** In place of a group where hosts speak for all their groups; no group has that name. */
  public static final String ALL_GROUPS = "--";

  /** The length of the longest envelope in bytes: three names of at most 64 characters. */
  public static final int MAX_BYTES = 1 + 16 + 3 * (1 + 64) + 3 * Long.BYTES;

  /** Checks that nothing is missing. */
  public Envelope {
    Objects.requireNonNull(clusterId, "clusterId");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
  }

  void encode(Writer writer) {
    writer.u8(PROTOCOL_VERSION).clusterId(clusterId).name(group);
    writer.name(from.id()).i64(from.incarnation()).i64(from.boot());
    writer.name(to).i64(toIncarnation);
  }

  /**
   * Reads the envelope at a buffer's position and leaves the position at the message.
   *
   * @throws DecodeException if there is none of a known version
   */
  public static Envelope decode(ByteBuffer frame) throws DecodeException {
    Reader reader = new Reader(frame);
    int version = reader.u8();
    if (version != PROTOCOL_VERSION) {
      throw new DecodeException(
          "protocol version " + version + " is not known, only " + PROTOCOL_VERSION + " is");
    }
    ClusterId clusterId = reader.clusterId();
    String group = reader.name().value();
    Peer from = new Peer(reader.name(), reader.i64(), reader.i64());
    if (from.incarnation() == 0) {
      throw new DecodeException("sender " + from.id() + " names no incarnation");
    }
    return new Envelope(clusterId, group, from, reader.name(), reader.i64());
  }
}
