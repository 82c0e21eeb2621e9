package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.Objects;

/**
 * Who sent a message: a node, which disk it has (incarnation) and which run of its process (boot).
 *
 * @param id the node
 * @param incarnation the random number on its disk
 * @param boot the random number of its present run
 */
public record Peer(NodeId id, long incarnation, long boot) {

  /** Checks that there is a node. */
  public Peer {
    Objects.requireNonNull(id, "id");
  }

  /** Which member it is, if it is one. */
  public MemberId key() {
    return new MemberId(id, incarnation);
  }
}
