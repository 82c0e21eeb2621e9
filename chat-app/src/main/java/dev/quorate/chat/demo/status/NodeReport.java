package dev.quorate.chat.demo.status;

import dev.quorate.raft.api.Role;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a node says of itself.
 *
 * @param node its number
 * @param cluster the name of its cluster
 * @param formed whether that cluster exists already, so that its data is worth something
 * @param condition whether it can do its work
 * @param message the facts behind a condition that keeps it from working, or what is wrong with it
 *     though it works; empty if nothing is
 * @param missing the nodes that a cluster that is being formed waits for
 * @param role what it is in its group
 * @param term its current term
 * @param leader the leader of that term, as far as it knows
 * @param commit the highest index it knows to be committed
 * @param applied the highest index its state machine has applied
 * @param voters how many nodes have a vote, as far as it knows; 0 if it does not
 */
public record NodeReport(
    int node,
    String cluster,
    boolean formed,
    Condition condition,
    String message,
    List<Integer> missing,
    Role role,
    long term,
    OptionalInt leader,
    long commit,
    long applied,
    int voters) {

  /** Whether a node can do its work. */
  public enum Condition {
    /** It takes part in its group. */
    WORKING,
    /** The cluster does not exist yet; its first start waits for all nodes. */
    FORMING,
    /** The cluster exists and does not know this node as it is now: its disk was wiped. */
    NOT_A_MEMBER,
    /** A fault; it serves nothing and keeps its data. */
    DEGRADED,
    /** It is ending. */
    CLOSED
  }

  /** Copies the list. */
  public NodeReport {
    missing = List.copyOf(missing);
  }
}
