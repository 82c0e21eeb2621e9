package dev.quorate.raft.engine.formation;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.Objects;

/**
 * A node of the static list that every node of a new cluster is started with.
 *
 * @param id the node
 * @param address where it listens
 */
public record ListedNode(NodeId id, Address address) {

  /** Checks that nothing is missing. */
  public ListedNode {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(address, "address");
  }
}
