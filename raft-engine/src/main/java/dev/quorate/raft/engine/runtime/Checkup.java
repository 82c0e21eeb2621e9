package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeHealth.Finding;
import dev.quorate.raft.api.NodeHealth.Kind;
import dev.quorate.raft.engine.core.CoreHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns what is known of a node into findings. */
final class Checkup {

  private Checkup() {}

  static NodeHealth of(NodeCondition condition, Optional<CoreHealth> core) {
    Optional<Finding> finding = finding(condition);
    return new NodeHealth(
        finding.map(List::of).orElseGet(() -> core.map(Checkup::findings).orElse(List.of())));
  }

  private static Optional<Finding> finding(NodeCondition condition) {
    if (condition instanceof NodeCondition.Closed) {
      return Optional.of(new Finding(Kind.CLOSED, "the node is closed"));
    }
    if (condition instanceof NodeCondition.Degraded degraded) {
      return Optional.of(new Finding(kind(degraded.fault()), degraded.message()));
    }
    if (condition instanceof NodeCondition.NotAMember) {
      return Optional.of(new Finding(Kind.NOT_A_MEMBER, waitsFor(condition)));
    }
    return condition instanceof NodeCondition.Forming
        ? Optional.of(new Finding(Kind.FORMING, waitsFor(condition)))
        : Optional.empty();
  }

  private static Kind kind(NodeCondition.Fault fault) {
    return switch (fault) {
      case HALTED -> Kind.HALTED;
      case DAMAGED -> Kind.DAMAGED;
      case APPLY_FAILED -> Kind.APPLY_FAILED;
      case MAJORITY_LOST -> Kind.MAJORITY_LOST;
    };
  }

  /** For what a node waits before it takes part, for people. */
  static String waitsFor(NodeCondition condition) {
    if (condition instanceof NodeCondition.Forming forming && !forming.missing().isEmpty()) {
      return "the cluster is not formed yet: no answer from "
          + forming.missing()
          + (forming.hindrance().isEmpty() ? "" : "; " + forming.hindrance());
    }
    return condition instanceof NodeCondition.NotAMember stranger
        ? stranger.message()
        : "the cluster is being formed";
  }

  private static List<Finding> findings(CoreHealth core) {
    List<Finding> findings = new ArrayList<>();
    core.whyNoLeader().ifPresent(why -> findings.add(new Finding(Kind.NO_LEADER, why)));
    if (core.diskStalls()) {
      findings.add(
          new Finding(
              Kind.DISK_STALLED,
              "a write has waited for the disk for longer than the longest election timeout"));
    }
    if (!core.hasSpace()) {
      findings.add(new Finding(Kind.NO_SPACE, "there is no room for commands on the disk"));
    }
    return findings;
  }
}
