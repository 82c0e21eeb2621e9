package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.engine.formation.ListedNode;
import dev.quorate.raft.testkit.internal.node.SimulatedNode;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.BackupTool;
import dev.quorate.raft.testkit.simulation.SimulationReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Another cluster that is restored from a backup of the first while that one goes on, in the same
 * time and with the same node ids. It begins with just what the snapshot stands for, and is judged
 * as any cluster from then on: whatever it has of the first one's later commands, or lost of the
 * earlier ones, breaks an invariant.
 */
final class Succession {

  private static final long MILLI = 1_000_000;
  private static final long RETRY_NANOS = 200 * MILLI;
  private static final long SETTLE_NANOS = 6_000 * MILLI;
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final int TRIES = 50;
  private static final int MIN_SIZE = 2;
  private static final int SIZES = 3;

  private final Plan plan;
  private final Run run;
  private final Swallowed swallowed;
  private final int keepLines;
  private final Agenda agenda;
  private final Cluster cluster;
  private final Workstation station;
  private final Strays strays;
  private final RandomGenerator random;
  private final long stormEndNanos;
  private boolean isBackedUp;
  private long leastIndex;
  private Optional<Heir> heir = Optional.empty();

  /** The restored cluster. */
  private record Heir(Run run, OldSessions clients, long stormEndNanos) {}

  /**
   * A succession of a run that has not begun.
   *
   * @param swallowed violations of both
   * @param keepLines how many lines of the restored cluster's trace are kept
   */
  Succession(Plan plan, BackupTool tool, Run run, Swallowed swallowed, int keepLines) {
    Randomness randomness = new Randomness(plan.seed()).part("succession");
    this.plan = plan;
    this.run = run;
    this.swallowed = swallowed;
    this.keepLines = keepLines;
    this.agenda = run.around().agenda();
    this.cluster = run.around().cluster();
    this.random = randomness.stream("times");
    this.station = new Workstation(tool, randomness.stream("station"));
    this.strays = new Strays(agenda, randomness.stream("strays"));
    this.stormEndNanos = plan.stormNanos();
  }

  /** The backup is made some time in the storm. */
  void begin() {
    agenda.after(random.nextLong(plan.stormNanos() / 2), this::tryLater);
  }

  private void tryLater() {
    if (agenda.now() < stormEndNanos && heir.isEmpty()) {
      long pause = RETRY_NANOS;
      if (isBackedUp) {
        restore();
      } else if (backUp()) {
        pause = plan.stormNanos() / 4;
      }
      agenda.after(random.nextLong(2 * pause), this::tryLater);
    }
  }

  /** Of any machine that has a snapshot, which does not run meanwhile. */
  private boolean backUp() {
    List<SimulatedNode> candidates =
        cluster.sound().stream()
            .filter(it -> it.main().data().snapshots().newestIndex() > 0)
            .toList();
    if (candidates.isEmpty()) {
      return false;
    }
    SimulatedNode node = candidates.get(random.nextInt(candidates.size()));
    node.kill();
    leastIndex = node.main().data().snapshots().newestIndex();
    isBackedUp = station.backUp(node, plan.mainGroup());
    // With the tool's process.
    node.kill();
    node.start();
    return isBackedUp;
  }

  private void restore() {
    Run next =
        new Run(
            plan.heir(MIN_SIZE + random.nextInt(SIZES)), keepLines, agenda, swallowed, "restored");
    Cluster its = next.around().cluster();
    if (!station.restore(addresses(its))) {
      return;
    }
    Heritage heritage = Heritage.read(station, plan, its.ids(), run.reference().ledger());
    Violation.unless(
        heritage.index() >= leastIndex,
        "I14",
        () -> "of index " + heritage.index() + " is the backup of a node that has " + leastIndex);
    next.inherits(heritage, run);
    OldSessions clients = new OldSessions(next.around(), next.reference());
    heir = Optional.of(new Heir(next, clients, agenda.now() + plan.stormNanos() / 2));
    strays.between(run.network(), next.network(), its);
    strays.between(next.network(), run.network(), cluster);
    next.begin();
    clients.begin();
  }

  private static SortedMap<NodeId, Address> addresses(Cluster of) {
    return of.nodes().stream()
        .map(SimulatedNode::listed)
        .collect(
            Collectors.toMap(
                ListedNode::id, ListedNode::address, (one, other) -> one, TreeMap::new));
  }

  /** The first cluster works again: so must the other one, once its storm is over. */
  void end() {
    for (int tries = 0; heir.isEmpty() && tries < TRIES; tries++) {
      if (isBackedUp || backUp()) {
        restore();
      } else {
        cluster.leader().ifPresent(it -> it.takeSnapshot(DEADLINE));
        run.runUntil(DEADLINE.toNanos(), () -> false);
      }
    }
    Heir it = heir.orElseThrow(() -> new Violation("I18", "no backup can be restored" + cluster));
    it.run.runUntil(Math.max(0, it.stormEndNanos - agenda.now()), () -> false);
    it.clients.rest();
    it.run.recover();
    Cluster its = it.run.around().cluster();
    Set<Session.Place> open = it.clients.demand(its.leader().orElseThrow());
    Violation.unless(
        it.run.runUntil(SETTLE_NANOS, open::isEmpty),
        "I15",
        () -> open + " were applied before the backup, and are not answered" + its);
    it.run.judge();
  }

  Optional<Run> heir() {
    return heir.map(Heir::run);
  }

  SimulationReport.Restored report() {
    Heir it = heir.orElseThrow();
    return new SimulationReport.Restored(
        station.interrupted(),
        strays.arrived(),
        it.clients.answered(),
        it.run.reference().ledger().lastIndex());
  }
}
