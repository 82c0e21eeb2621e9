package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.storage.StorageProvider;
import dev.quorate.raft.testkit.internal.check.Application;
import dev.quorate.raft.testkit.internal.check.ClientHistory;
import dev.quorate.raft.testkit.internal.check.Invariants;
import dev.quorate.raft.testkit.internal.network.ClientNetwork;
import dev.quorate.raft.testkit.internal.network.Network;
import dev.quorate.raft.testkit.internal.time.Agenda;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all machines of a run share, for one group.
 *
 * @param group the group's id
 * @param agenda virtual time
 * @param trace what happens
 * @param network the links between the machines
 * @param inquiries the links by which machines ask who is where; without any they are told
 * @param invariants what must hold after every step
 * @param application the state machines and their check
 * @param history what callers saw
 * @param storage the storage that every node uses
 * @param settings the settings of the group's nodes
 * @param struck is told of a fault where it strikes
 * @param violated is told of a violation that a node would swallow
 */
public record World(
    String group,
    Agenda agenda,
    Trace trace,
    Network network,
    Optional<ClientNetwork> inquiries,
    Invariants invariants,
    Application application,
    ClientHistory history,
    StorageProvider storage,
    NodeSettings settings,
    Consumer<Fault> struck,
    Application.FailureListener violated) {

  /** The name of each cluster. */
  public static final String CLUSTER = "simulation";
}
