package dev.quorate.raft.engine.message;

import dev.quorate.raft.api.NodeId;
import java.util.Comparator;
import java.util.Objects;

/**
 * Whose votes and acknowledgements are counted: a node together with its disk (rule P1). The same
 * node with another disk is another member.
 *
 * @param node the node
 * @param incarnation the number of its disk
 */
public record MemberId(NodeId node, long incarnation) implements Comparable<MemberId> {

  private static final Comparator<MemberId> ORDER =
      Comparator.comparing(MemberId::node).thenComparingLong(MemberId::incarnation);

  /** Checks that there is a node. */
  public MemberId {
    Objects.requireNonNull(node, "node");
  }

  @Override
  public int compareTo(MemberId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node + "/" + Long.toHexString(incarnation);
  }
}
