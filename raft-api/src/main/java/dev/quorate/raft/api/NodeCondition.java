package dev.quorate.raft.api;

import java.util.List;
import java.util.Objects;

/** Whether a node can do its work, and if not, why. */
public sealed interface NodeCondition {

  /** The node takes part in its group. */
  record Working() implements NodeCondition {}

  /**
   * The cluster does not exist yet: its first start waits for all listed nodes.
   *
   * @param missing those that have not answered yet, sorted
   * @param hindrance what else keeps the cluster from forming, for people; empty if nothing does
   */
  record Forming(List<NodeId> missing, String hindrance) implements NodeCondition {
    /** Copies the list. */
    public Forming {
      missing = List.copyOf(missing);
      Objects.requireNonNull(hindrance, "hindrance");
    }

    /**
     * Waiting for nodes, and for nothing else.
     *
     * @param missing those that have not answered yet, sorted
     */
    public Forming(List<NodeId> missing) {
      this(missing, "");
    }
  }

  /**
   * The cluster exists, and this node, as it is now, is not in its configuration: its disk was
   * wiped, or it is new. It does not vote and waits to be added.
   *
   * @param message the facts, for people
   */
  record NotAMember(String message) implements NodeCondition {
    /** Checks that there is a message. */
    public NotAMember {
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * A fault. The node serves nothing, keeps its data and stays until it is restarted.
   *
   * @param message the fault, for people
   */
  record Degraded(String message) implements NodeCondition {
    /** Checks that there is a message. */
    public Degraded {
      Objects.requireNonNull(message, "message");
    }
  }

  /** The node was closed. */
  record Closed() implements NodeCondition {}
}
