package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.Objects;

/**
 * Who has a snapshot that another node is to fetch: the leader, or whoever the leader names.
 *
 * @param id the node
 * @param incarnation its disk
 */
public record Holder(NodeId id, long incarnation) {

  /** Checks that there is a node. */
  public Holder {
    Objects.requireNonNull(id, "id");
  }
}
