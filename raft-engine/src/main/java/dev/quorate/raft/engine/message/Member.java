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
 * @param level the feature level that it declared last
 */
public record Member(NodeId id, long incarnation, Address address, int level) {

  /** Checks the parts. */
  public Member {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(address, "address");
    if (incarnation == 0) {
      throw new IllegalArgumentException("member " + id + " has no incarnation");
    }
    if (level < FeatureLevel.FIRST || level > FeatureLevel.MAX) {
      throw new IllegalArgumentException("member " + id + " of level " + level);
    }
  }

  /** A member that has declared no feature level. */
  public Member(NodeId id, long incarnation, Address address) {
    this(id, incarnation, address, FeatureLevel.FIRST);
  }

  /** The same at another address. */
  public Member withAddress(Address elsewhere) {
    return new Member(id, incarnation, elsewhere, level);
  }

  /** The same with another declaration. */
  public Member withLevel(int declared) {
    return new Member(id, incarnation, address, declared);
  }

  /** What identifies the member, wherever it is. */
  public MemberId key() {
    return new MemberId(id, incarnation);
  }
}
