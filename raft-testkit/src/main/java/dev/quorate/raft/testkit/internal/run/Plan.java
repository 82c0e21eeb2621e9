package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.config.Settings;
import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.engine.runtime.EngineSettings;
import dev.quorate.raft.testkit.internal.time.Randomness;
import dev.quorate.raft.testkit.simulation.Workload;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything that decides a run.
 *
 * @param seed what all randomness comes from
 * @param nodes how many nodes found the cluster
 * @param stateMachines makes a state machine
 * @param workload what callers ask
 * @param storage the storage of all nodes
 * @param settings the settings of all nodes
 * @param disasters which faults
 * @param stormNanos how long the faults go on
 * @param pace how long callers and clients wait between two calls, on average; drawn if empty
 */
public record Plan(
    long seed,
    int nodes,
    Supplier<StateMachine> stateMachines,
    Workload workload,
    StorageProvider storage,
    Settings settings,
    Disasters disasters,
    long stormNanos,
    Optional<Duration> pace) {

  private static final int MAX_SPARES = 2;

  /** How long a command may be at most. */
  int maxCommandBytes() {
    return EngineSettings.of(settings, "simulated", storage.name()).maxCommandBytes();
  }

  /** How many nodes there are besides, which wait to be let in. */
  int spares() {
    return disasters.anyOf(Operator.CHANGES)
        ? new Randomness(seed).stream("spares").nextInt(1, 1 + MAX_SPARES)
        : 0;
  }

  /** The same with other faults. */
  public Plan with(Disasters other) {
    return new Plan(
        seed, nodes, stateMachines, workload, storage, settings, other, stormNanos, pace);
  }

  /** The same with a shorter storm. */
  public Plan lasting(long nanos) {
    return new Plan(
        seed, nodes, stateMachines, workload, storage, settings, disasters, nanos, pace);
  }
}
