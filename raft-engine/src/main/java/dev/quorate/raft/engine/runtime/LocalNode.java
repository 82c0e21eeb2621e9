package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.GroupMembership;
import dev.quorate.raft.api.GroupSettings;
import dev.quorate.raft.api.Membership;
import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeEvent;
import dev.quorate.raft.api.NodeHealth;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftListener;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.Session;
import dev.quorate.raft.api.SessionOutcome;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.engine.message.Proposal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A node of this process, as its user sees it. */
public final class LocalNode implements RaftNode {

  private final NodeId id;
  private final Environment environment;
  private final NodeLoop loop;
  private final EngineSettings settings;
  private final Callbacks callbacks;
  private final Sessions sessions;
  private final GroupMembership membership = new LocalMembership();
  private final Supplier<CompletableFuture<Void>> ending;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /**
   * The user's side of a loop that runs.
   *
   * @param ending ends the node, and what ends with it; called once
   */
  LocalNode(
      NodeId id,
      Environment environment,
      NodeLoop loop,
      EngineSettings settings,
      Callbacks callbacks,
      Supplier<CompletableFuture<Void>> ending) {
    this.id = id;
    this.environment = environment;
    this.loop = loop;
    this.settings = settings;
    this.callbacks = callbacks;
    this.ending = ending;
    this.sessions =
        new Sessions(
            loop::offer,
            loop::isCalledByStateMachine,
            new RetryBudget(RetryBudget.UNLIMITED, environment.nanoTime()),
            environment,
            CallSettings.of(settings),
            callbacks);
  }

  /**
   * Opens a host for one node alone, and starts that. The environment belongs to it from then on
   * and ends with it; if starting fails, nothing is left and the environment is as it was.
   *
   * @throws IOException if the storage cannot be opened or the address not be bound
   */
  public static LocalNode start(NodeOptions options, Environment environment) throws IOException {
    return LocalHost.startAlone(options, environment);
  }

  @Override
  public NodeId id() {
    return id;
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command) {
    return submit(command, settings.callTimeout());
  }

  @Override
  public CompletableFuture<Outcome> submit(byte[] command, Duration deadline) {
    return offer(
        new Call.Command(
            Proposal.command(ByteBuffer.wrap(command).asReadOnlyBuffer()), deadlineNanos(deadline)),
        command.length);
  }

  @Override
  public byte[] submitOrThrow(byte[] command) {
    sessions.requireNotTheStateMachine();
    return RaftNode.super.submitOrThrow(command);
  }

  @Override
  public CompletableFuture<SessionOutcome> openSession() {
    return openSession(settings.callTimeout());
  }

  @Override
  public CompletableFuture<SessionOutcome> openSession(Duration deadline) {
    return sessions.open(deadline);
  }

  @Override
  public Session resumeSession(Session.State state) {
    return sessions.resume(Objects.requireNonNull(state, "state"));
  }

  @Override
  public CompletableFuture<Outcome> attempt(
      Session.Place place, byte[] command, Duration deadline) {
    return sessions.attempt(place, command, deadline);
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query) {
    return read(query, settings.callTimeout());
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query, Duration deadline) {
    return read(query, ReadConsistency.LINEARIZABLE, deadline);
  }

  @Override
  public CompletableFuture<ReadOutcome> read(byte[] query, ReadConsistency consistency) {
    return read(query, consistency, settings.callTimeout());
  }

  @Override
  public CompletableFuture<ReadOutcome> read(
      byte[] query, ReadConsistency consistency, Duration deadline) {
    Objects.requireNonNull(consistency, "consistency");
    return offer(
        new Call.Read(ByteBuffer.wrap(query), consistency, deadlineNanos(deadline)), query.length);
  }

  private <T> CompletableFuture<T> offer(Call<T> call, int bytes) {
    if (bytes > settings.maxCommandBytes()) {
      return CompletableFuture.completedFuture(
          call.refused(
              RejectReason.TOO_LARGE,
              bytes
                  + " bytes are more than "
                  + EngineSettings.MAX_COMMAND_BYTES
                  + "="
                  + settings.maxCommandBytes()));
    }
    return loop.offer(call);
  }

  @Override
  public CompletableFuture<TransferOutcome> transferLeadership(NodeId target, Duration deadline) {
    Objects.requireNonNull(target, "target");
    return transfer(Optional.of(target), false, deadline);
  }

  @Override
  public CompletableFuture<TransferOutcome> transferLeadership(Duration deadline) {
    return transfer(Optional.empty(), false, deadline);
  }

  @Override
  public CompletableFuture<TransferOutcome> stepDown(Duration deadline) {
    return transfer(Optional.empty(), true, deadline);
  }

  private CompletableFuture<TransferOutcome> transfer(
      Optional<NodeId> target, boolean resigns, Duration deadline) {
    return loop.offer(new Call.Transfer(target, resigns, deadlineNanos(deadline)));
  }

  @Override
  public CompletableFuture<SnapshotOutcome> takeSnapshot(Duration deadline) {
    return loop.offer(new Call.TakeSnapshot(deadlineNanos(deadline)));
  }

  @Override
  public CompletableFuture<Outcome> changeSettings(GroupSettings next, Duration deadline) {
    return loop.offer(new Call.Command(SettingsView.change(next), deadlineNanos(deadline)));
  }

  @Override
  public GroupMembership membership() {
    return membership;
  }

  /** The members, as this node's user sees and changes them. */
  private final class LocalMembership implements GroupMembership {

    @Override
    public Membership current() {
      return status().membership();
    }

    @Override
    public CompletableFuture<MembershipOutcome> change(
        List<MembershipChange> wishes, Duration deadline) {
      return offer(0, wishes, deadline);
    }

    @Override
    public CompletableFuture<MembershipOutcome> changeIf(
        long version, List<MembershipChange> wishes, Duration deadline) {
      if (version <= 0) {
        throw new IllegalArgumentException("version " + version + " is not more than 0");
      }
      return offer(version, wishes, deadline);
    }

    private CompletableFuture<MembershipOutcome> offer(
        long version, List<MembershipChange> wishes, Duration deadline) {
      if (wishes.isEmpty()) {
        throw new IllegalArgumentException("a change without a wish");
      }
      return loop.offer(new Call.Change(version, wishes, deadlineNanos(deadline)));
    }
  }

  private long deadlineNanos(Duration deadline) {
    return Deadlines.nanos(deadline, environment);
  }

  @Override
  public NodeStatus status() {
    return loop.board().status();
  }

  @Override
  public NodeHealth health() {
    return loop.board().health();
  }

  @Override
  public List<NodeEvent> recentEvents() {
    return loop.board().events();
  }

  @Override
  public Registration addListener(RaftListener listener) {
    return loop.board().addListener(Objects.requireNonNull(listener, "listener"));
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    if (closing.compareAndSet(false, true)) {
      ending.get().whenComplete((done, failure) -> closed.complete(null));
    }
    return closed.copy();
  }

  /**
   * Hands the leadership over if possible, and stops; the group's log stays open. Called once, by
   * the host.
   */
  CompletableFuture<Void> stop() {
    return sessions.stop().thenCompose(ended -> loop.close());
  }

  /** Whether the caller is this node's state machine. */
  boolean isCalledByStateMachine() {
    return loop.isCalledByStateMachine();
  }

  @Override
  public void close() {
    CompletableFuture<Void> end = closeAsync();
    if (!callbacks.isCaller() && !loop.isCalledByStateMachine()) {
      end.join();
    }
  }
}
