package dev.quorate.raft.api;

import java.util.List;
import java.util.Objects;

/**
 * What a node finds wrong with itself, for probes: an orchestrator restarts what is not live, and
 * sends no work to what is not ready.
 *
 * @param findings what is wrong, the gravest first; none if all is well
 */
public record NodeHealth(List<Finding> findings) {

  /** Copies the list. */
  public NodeHealth {
    findings = List.copyOf(findings);
  }

  /**
   * Something that is wrong.
   *
   * @param kind what it is
   * @param message the facts, for people
   */
  public record Finding(Kind kind, String message) {
    /** Checks that nothing is missing. */
    public Finding {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(message, "message");
    }
  }

  /** What can be wrong, the gravest first. */
  public enum Kind {
    /** The node was closed. */
    CLOSED(Weight.DEAD),
    /** A fault, after which the node does nothing more until it is restarted. */
    HALTED(Weight.DEAD),
    /** What the node found on its disk is damaged or unreadable, which a restart hardly mends. */
    DAMAGED(Weight.UNFIT),
    /**
     * Nothing is applied here any more; the node still votes and stores. Where it happened to one
     * node it is likely to happen to all, and restarting them at once would stop the cluster for
     * nothing.
     */
    APPLY_FAILED(Weight.UNFIT),
    /** The disks of so many voters were wiped that no majority remembers the log. */
    MAJORITY_LOST(Weight.UNFIT),
    /** The node is no member of the cluster, and waits to be added. */
    NOT_A_MEMBER(Weight.UNFIT),
    /** The cluster does not exist yet. */
    FORMING(Weight.UNFIT),
    /** No leader is known: commands and linearizable reads wait for one. */
    NO_LEADER(Weight.UNFIT),
    /** A write has waited for the disk longer than the longest election timeout. */
    DISK_STALLED(Weight.UNFIT),
    /**
     * There is no room for commands on the disk. The node still votes and answers reads, and hands
     * commands on to the leader if another leads; if it leads itself, it rejects them.
     */
    NO_SPACE(Weight.NOTICE);

    private final Weight weight;

    Kind(Weight weight) {
      this.weight = weight;
    }
  }

  private enum Weight {
    DEAD,
    UNFIT,
    NOTICE
  }

  /**
   * Whether there is no use in restarting the node: it works, or comes to work by itself, or a
   * restart alone would not mend what is wrong.
   *
   * @return {@code false} if only a restart helps, if anything does
   */
  public boolean isLive() {
    return findings.stream().noneMatch(finding -> finding.kind.weight == Weight.DEAD);
  }

  /**
   * Whether the node can serve calls now, as far as it knows.
   *
   * @return {@code false} if calls would be refused or would wait
   */
  public boolean isReady() {
    return findings.stream().allMatch(finding -> finding.kind.weight == Weight.NOTICE);
  }
}
