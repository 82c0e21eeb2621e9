package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.internal.check.Application;
import dev.quorate.raft.testkit.internal.check.ClientHistory;
import dev.quorate.raft.testkit.internal.check.Reign;
import dev.quorate.raft.testkit.internal.storage.SnapshotModel;
import dev.quorate.raft.testkit.internal.trace.RecordedReads;
import dev.quorate.raft.testkit.internal.trace.Trace;
import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What callers asked of a machine's process, and wait for. */
final class NodeCalls {

  private final World world;
  private final NodeId id;
  private final Set<ClientHistory.Command> commands = new LinkedHashSet<>();
  private final Set<ClientHistory.Read> reads = new LinkedHashSet<>();
  private Application.Replica machine;

  NodeCalls(World world, NodeId id) {
    this.world = world;
    this.id = id;
  }

  /** The state machine of a process that is about to begin. */
  StateMachine newMachine() {
    machine = world.application().observed(id, world.violated());
    return machine;
  }

  void submit(RaftNode node, byte[] payload, Duration deadline, Runnable applied) {
    ClientHistory.Command command = world.history().submitted(payload);
    world.trace().add(Event.SUBMIT, id, payload.length, 0, payload.length + " bytes");
    commands.add(command);
    node.submit(payload, deadline)
        .thenAccept(
            outcome -> {
              if (commands.remove(command)) {
                world.trace().add(Event.OUTCOME, id, payload.length, Trace.kind(outcome), outcome);
                tellViolation(() -> command.ended(outcome));
                if (outcome instanceof Outcome.Applied) {
                  applied.run();
                }
              }
            });
  }

  void read(RaftNode node, byte[] query, ReadConsistency consistency, Duration deadline) {
    ClientHistory.Read read = world.history().reads(query, consistency);
    world.trace().add(Event.READ, id, query.length, 0, consistency);
    reads.add(read);
    Optional<Reign> reign = reign(node, consistency);
    Optional<RecordedReads.Read> recorded =
        consistency instanceof ReadConsistency.Linearizable
            ? world.invariants().asked(id)
            : Optional.empty();
    node.read(query, consistency, deadline)
        .thenAccept(
            outcome -> {
              if (reads.remove(read)) {
                world.trace().add(Event.OUTCOME, id, query.length, Trace.kind(outcome), outcome);
                recorded.ifPresent(it -> it.ended(outcome));
                tellViolation(() -> read.ended(outcome));
                if (outcome instanceof ReadOutcome.Answered && leads(node)) {
                  reign.ifPresent(it -> tellViolation(() -> it.answers(node.status().term())));
                }
              }
            });
  }

  /** Whom it is to answer for, if it leads and is asked for what a leader vouches for. */
  private Optional<Reign> reign(RaftNode node, ReadConsistency consistency) {
    boolean asksLeader =
        consistency instanceof ReadConsistency.Lease
            || consistency instanceof ReadConsistency.Linearizable;
    return asksLeader && leads(node)
        ? Optional.of(world.invariants().reign(id, node.status()))
        : Optional.empty();
  }

  private static boolean leads(RaftNode node) {
    return node.status().role() == Role.LEADER;
  }

  /**
   * A snapshot must be on the disk when the node says so, with all that was applied when it was
   * asked for (I14), which its caller may have seen.
   */
  void takeSnapshot(RaftNode node, SnapshotModel snapshots, Duration deadline) {
    long applied = machine.lastIndex();
    node.takeSnapshot(deadline)
        .thenAccept(
            outcome -> {
              if (outcome instanceof SnapshotOutcome.Taken taken) {
                tellViolation(
                    () ->
                        Violation.unless(
                            taken.index() >= applied && snapshots.newestIndex() >= taken.index(),
                            "I14",
                            () -> id + " says " + taken + ", asked at " + applied));
              }
            });
  }

  /** A future would keep what is thrown to itself. */
  private void tellViolation(Runnable check) {
    try {
      check.run();
    } catch (Violation e) {
      world.violated().violated(e);
    }
  }

  /** The process is gone: nobody answers any more. */
  void lost() {
    List<ClientHistory.Command> unanswered = List.copyOf(commands);
    commands.clear();
    unanswered.forEach(command -> command.ended(new Outcome.Unknown("the node ended")));
    reads.forEach(ClientHistory.Read::lost);
    reads.clear();
  }

  /** The last command that the state machine was given. */
  long lastApplied() {
    return machine.lastIndex();
  }

  /** How many wait for their end. */
  long open() {
    return commands.size() + reads.size();
  }
}
