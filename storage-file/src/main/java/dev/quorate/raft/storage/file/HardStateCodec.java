package dev.quorate.raft.storage.file;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.storage.HardState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Hard state in bytes: term, the vote's incarnation, length and letters of the voted node's id. */
final class HardStateCodec {

  private static final int FIXED_BYTES = 2 * Long.BYTES + Short.BYTES;

  private HardStateCodec() {}

  static int length(HardState state) {
    return FIXED_BYTES + state.votedFor().map(node -> node.value().length()).orElse(0);
  }

  static void encode(HardState state, ByteBuffer out) {
    byte[] node =
        state.votedFor().map(NodeId::value).orElse("").getBytes(StandardCharsets.US_ASCII);
    out.putLong(state.term()).putLong(state.votedIncarnation());
    out.putShort((short) node.length).put(node);
  }

  static HardState decode(ByteBuffer in) {
    long term = in.getLong();
    long incarnation = in.getLong();
    byte[] node = new byte[in.getShort()];
    in.get(node);
    return new HardState(
        term,
        node.length == 0
            ? Optional.empty()
            : Optional.of(NodeId.of(new String(node, StandardCharsets.US_ASCII))),
        incarnation);
  }
}
