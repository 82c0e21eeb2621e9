package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.history.Linearizability;
import dev.quorate.raft.testkit.internal.check.ClientHistory;
import dev.quorate.raft.testkit.internal.check.Expectations;
import dev.quorate.raft.testkit.internal.check.SpecifiedCalls;
import dev.quorate.raft.testkit.internal.node.NodeSettings;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.BackupTool;
import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.Workload;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Everything that decides a run.
 *
 * @param seed what all randomness comes from
 * @param nodes how many nodes found the cluster
 * @param groups how many groups they have
 * @param stateMachines makes a state machine
 * @param expectations what is expected of the state machine
 * @param workload what callers ask
 * @param storage the storage of all nodes
 * @param settings the settings of the nodes
 * @param disasters which faults
 * @param stormNanos how long the faults go on
 * @param load how much callers ask
 * @param backups what saves the cluster, of which another one is made; if anything does
 */
public record Plan(
    long seed,
    int nodes,
    int groups,
    Supplier<StateMachine> stateMachines,
    Expectations expectations,
    Workload workload,
    StorageProvider storage,
    NodeSettings settings,
    Disasters disasters,
    long stormNanos,
    Load load,
    Optional<BackupTool> backups) {

  private static final int MAX_SPARES = 2;

  /** How long a command may be at most. */
  int maxCommandBytes() {
    return engineSettings().maxCommandBytes();
  }

  /** A history of callers without calls; how old an answer is, broken clocks cannot tell. */
  ClientHistory history(LongSupplier trueTime) {
    return new ClientHistory(
        trueTime,
        disasters.of(Fault.BROKEN_CLOCK) == 0,
        expectations
            .specification()
            .map(it -> new SpecifiedCalls<>(it, trueTime, Linearizability.DEFAULT_BUDGET)));
  }

  /** The group that is judged in full. */
  String mainGroup() {
    return engineSettings().group();
  }

  /** The ids of the others. */
  List<String> furtherGroups() {
    return IntStream.rangeClosed(2, groups).mapToObj(number -> "group-" + number).toList();
  }

  /** Settings as a node understands them. */
  EngineSettings engineSettings() {
    return EngineSettings.of(settings.all(), "simulated", storage.name());
  }

  /** How many nodes there are besides, which wait to be let in. */
  int spares() {
    return disasters.anyOf(Operator.CHANGES)
        ? new Randomness(seed).stream("spares").nextInt(1, 1 + MAX_SPARES)
        : 0;
  }

  /**
   * Of a cluster that is restored from a backup of this one: whoever has an empty disk is told by
   * any cluster where it belongs, so that no disk is lost and nobody let in.
   *
   * @param size how many nodes it has
   */
  Plan heir(int size) {
    Disasters fewer = disasters;
    for (Fault fault : EnumSet.allOf(Fault.class)) {
      if (DiskFaults.destructive().contains(fault) || Operator.CHANGES.contains(fault)) {
        fewer = fewer.without(fault);
      }
    }
    return new Plan(
        new Randomness(seed).stream("heir").nextLong(),
        size,
        1,
        stateMachines,
        expectations.withoutSpecification(),
        workload,
        storage,
        settings,
        fewer,
        stormNanos,
        load,
        Optional.empty());
  }

  /** The same with other faults. */
  public Plan with(Disasters other) {
    return with(groups, other, stormNanos);
  }

  /** The same with a shorter storm. */
  public Plan lasting(long nanos) {
    return with(groups, disasters, nanos);
  }

  /** The same with fewer groups. */
  public Plan having(int fewer) {
    return with(fewer, disasters, stormNanos);
  }

  private Plan with(int count, Disasters other, long nanos) {
    return new Plan(
        seed,
        nodes,
        count,
        stateMachines,
        expectations,
        workload,
        storage,
        settings,
        other,
        nanos,
        load,
        backups);
  }
}
