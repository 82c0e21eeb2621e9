package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import java.util.Objects;

/**
 * A member in the replicated configuration. The pair of id and incarnation is its identity: the
 * same id with another disk is another member, because it has forgotten its votes and
 * acknowledgements.
 *
 * @param id the node
 * @param incarnation the random number on its disk, never 0
 * @param address where it listens
 */
public record Member(NodeId id, long incarnation, Address address) {

  /** Checks the parts. */
  public Member {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(address, "address");
    if (incarnation == 0) {
      throw new IllegalArgumentException("member " + id + " has no incarnation");
    }
  }

  /** What identifies the member, wherever it is. */
  public MemberId key() {
    return new MemberId(id, incarnation);
  }
}
