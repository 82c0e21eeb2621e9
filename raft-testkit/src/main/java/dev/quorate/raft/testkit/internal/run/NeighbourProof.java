package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.node.Replica;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * After the storm: every further group of which a quorum is healed works again (I18). If it may
 * rest and all its members are there it comes to rest, and wakes when its leader's host is lost.
 */
final class NeighbourProof {

  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private final Neighbour neighbour;
  private final NeighbourCallers callers;
  private final Time time;
  private final EngineSettings settings;
  private final long settleNanos;
  private List<Replica> healed = List.of();

  /** Lets time pass. */
  @FunctionalInterface
  interface Time {
    /** Until something is so, at most that long; tells whether it is so. */
    boolean passUntil(long nanos, BooleanSupplier condition);
  }

  /**
   * A proof that has not begun.
   *
   * @param settleNanos within how long everything must work
   */
  NeighbourProof(
      Neighbour neighbour,
      NeighbourCallers callers,
      Time time,
      EngineSettings settings,
      long settleNanos) {
    this.neighbour = neighbour;
    this.callers = callers;
    this.time = time;
    this.settings = settings;
    this.settleNanos = settleNanos;
  }

  /** These machines are healed. */
  void heals(List<SimulatedNode> core) {
    List<Replica> sound = neighbour.soundOf(core);
    healed = neighbour.isQuorum(sound) ? sound : List.of();
  }

  private boolean mayWork() {
    return !healed.isEmpty();
  }

  /** One of the healed leads; if another does, once it is given something to write. */
  void elect() {
    if (!mayWork()) {
      return;
    }
    demand(() -> neighbour.leader().isPresent(), "no leader");
    BooleanSupplier healedLeads = () -> neighbour.leader().filter(healed::contains).isPresent();
    long step = settings.core().electionMaxNanos();
    for (long waited = 0; waited < settleNanos && !healedLeads.getAsBoolean(); waited += step) {
      callers.submit(healed.get(0), DEADLINE);
      time.passUntil(step, healedLeads);
    }
    demand(healedLeads, "no leader that can work");
  }

  /** The healed write and read, and their leader stays. */
  void work() {
    if (!mayWork()) {
      return;
    }
    long term = term();
    int applied = neighbour.world().history().applied();
    int reads = neighbour.world().history().reads();
    healed.forEach(it -> callers.prove(it, DEADLINE));
    demand(
        () ->
            neighbour.isEven(healed)
                && neighbour.world().history().applied() == applied + healed.size()
                && neighbour.world().history().reads() == reads + healed.size(),
        "not even after healing");
    Violation.unless(term() == term, "I18", () -> "the leader was deposed: " + neighbour);
    int lowest = healed.stream().mapToInt(Replica::level).min().orElseThrow();
    Violation.unless(
        !neighbour.isWhole(healed) || time.passUntil(settleNanos, () -> haveLevel(lowest)),
        "P18",
        () -> "no feature level of " + lowest + ": " + neighbour);
  }

  private boolean haveLevel(int level) {
    return healed.stream().allMatch(it -> it.status().membership().featureLevel() == level);
  }

  private long term() {
    return healed.stream().mapToLong(it -> it.status().term()).max().orElseThrow();
  }

  /** Whether the group rests, which it must if nothing stands against it. */
  boolean rests() {
    boolean mayRest =
        mayWork()
            && neighbour.isWhole(healed)
            && healed.size() > 1
            && !settings.quietAfter().isZero()
            && !settings.seed().lease();
    if (mayRest) {
      demand(neighbour::isAtRest, "does not come to rest");
    }
    return mayRest;
  }

  /**
   * At rest the group loses its leader's host, and nobody calls: the others must notice, and the
   * leader that nobody answers must cease to be one.
   */
  void loseLeader(
      List<SimulatedNode> machines, Network network, List<NodeId> all, RandomGenerator random) {
    Optional<Replica> leader = neighbour.leader();
    List<Replica> rest = new ArrayList<>(healed);
    leader.ifPresent(rest::remove);
    if (leader.isEmpty() || !neighbour.isQuorum(rest)) {
      return;
    }
    NodeId lost = leader.get().id();
    boolean isCutOff = random.nextBoolean();
    if (isCutOff) {
      all.forEach(other -> network.cut(lost, other));
      all.forEach(other -> network.cut(other, lost));
    } else {
      machines.stream().filter(it -> it.id().equals(lost)).forEach(SimulatedNode::kill);
    }
    demand(
        () -> neighbour.leader().filter(rest::contains).isPresent(),
        "no leader after the loss of " + lost + " at rest");
    if (isCutOff) {
      demand(() -> !leader.get().isLeader(), lost + " leads though nobody answers");
    }
    healed = rest;
    work();
  }

  private void demand(BooleanSupplier condition, String otherwise) {
    Violation.unless(
        time.passUntil(settleNanos, condition), "I18", () -> otherwise + ": " + neighbour);
  }
}
