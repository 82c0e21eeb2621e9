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
   * A fault. The node serves nothing, and keeps its data.
   *
   * @param fault what is wrong, which says what the node still does and what helps
   * @param message the facts, for people
   */
  record Degraded(Fault fault, String message) implements NodeCondition {
    /** Checks that nothing is missing. */
    public Degraded {
      Objects.requireNonNull(fault, "fault");
      Objects.requireNonNull(message, "message");
    }
  }

  /** Why a node is degraded. */
  enum Fault {
    /**
     * A write or a force failed, also while the log of this or of another group of the host was
     * opened, or the engine or the virtual machine did. The node does nothing more, so that it
     * promises nothing that it may not keep, until it is restarted.
     */
    HALTED,
    /**
     * The log that the node found at its start is damaged or cannot be read, or has lost the
     * snapshot that it begins with. The node does nothing. Another start is likely to find the
     * same.
     */
    DAMAGED,
    /**
     * The state machine threw while it applied a command or restored a snapshot, or what is next in
     * the log needs a newer version. The node still votes, and stores what others commit, but leads
     * no more. The same is likely to happen to the others, and at the next start.
     */
    APPLY_FAILED,
    /**
     * So many voters' disks were wiped that those left are no majority that remembers the log. It
     * is over when a majority with its disks is there.
     */
    MAJORITY_LOST
  }

  /** The node was closed. */
  record Closed() implements NodeCondition {}
}
