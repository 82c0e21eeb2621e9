package dev.quorate.chat.service;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeCondition;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.Role;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.TransferOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A node that ends calls in ways that a real cluster shows only when it is in trouble. Without a
 * script it applies at once.
 */
final class ScriptedRaft implements RaftNode {

  private final StateMachine stateMachine;
  private long index;

  volatile Optional<Outcome> nextSubmits = Optional.empty();
  volatile Optional<ReadOutcome> nextReads = Optional.empty();
  volatile NodeCondition condition = new NodeCondition.Working();
  private volatile RaftListener listener;

  ScriptedRaft(StateMachine stateMachine) {
    this.stateMachine = stateMachine;
  }

  @Override
  public NodeId id() {
    return NodeId.of("1");
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command) {
    return submit(command, Duration.ofSeconds(1));
  }

  @Override
  public synchronized CompletableFuture<Outcome> submit(byte[] command, Duration deadline) {
    return CompletableFuture.completedFuture(nextSubmits.orElseGet(() -> apply(command)));
  }

  private Outcome apply(byte[] command) {
    index++;
    ApplyContext context = new ApplyContext(index, 1, index, index);
    return new Outcome.Applied(index, stateMachine.apply(context, ByteBuffer.wrap(command)));
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query) {
    return read(query, Duration.ofSeconds(1));
  }

  @Override
  public synchronized CompletableFuture<ReadOutcome> read(byte[] query, Duration deadline) {
    return CompletableFuture.completedFuture(
        nextReads.orElseGet(
            () -> new ReadOutcome.Answered(index, stateMachine.query(ByteBuffer.wrap(query)))));
  }

  @Override
  public CompletableFuture<TransferOutcome> transferLeadership(NodeId target, Duration deadline) {
    return CompletableFuture.completedFuture(new TransferOutcome.Failed("not in this script"));
  }

  @Override
  public NodeStatus status() {
    return new NodeStatus(
        id(),
        "chat",
        "",
        "default",
        condition,
        Role.FOLLOWER,
        3,
        Optional.of(NodeId.of("2")),
        index,
        index,
        index,
        index,
        List.of(NodeId.of("1"), NodeId.of("2")),
        List.of());
  }

  @Override
  public Registration addListener(RaftListener added) {
    listener = added;
    return () -> {};
  }

  RaftListener listener() {
    return listener;
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    // It has nothing to leave behind.
  }
}
