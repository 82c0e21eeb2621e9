package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.MembershipChange;
import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.ReadConsistency;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.engine.message.Proposal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A user's call until its end. It is ended once, by whoever comes first. The future is for the user
 * alone: nothing here looks at it, so that completing or cancelling it reaches nothing.
 *
 * @param <T> how the call ends
 */
abstract class Call<T> {

  /**
   * Where a call is. Only the node loop takes it, and only a call that was not taken is refused by
   * others: "rejected" may be said only of what was never handed over (rule P10).
   */
  private enum State {
    OFFERED,
    TAKEN,
    ENDED
  }

  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.OFFERED);
  private final long deadlineNanos;
  private volatile long number;
  private volatile boolean handedOver;

  private Call(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  CompletableFuture<T> future() {
    return future;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  long number() {
    return number;
  }

  /** The node loop takes the call and numbers it; false if it was refused in the meantime. */
  boolean take(long newNumber) {
    number = newNumber;
    return state.compareAndSet(State.OFFERED, State.TAKEN);
  }

  /** The node loop gives the call to the core. */
  void handOver() {
    handedOver = true;
  }

  /** Whether the core has the call. Only the node loop asks. */
  boolean isHandedOver() {
    return handedOver;
  }

  /** Whether somebody has ended the call. */
  boolean isEnded() {
    return state.get() == State.ENDED;
  }

  /** Claims the right to end the call. */
  boolean claim() {
    return state.getAndSet(State.ENDED) != State.ENDED;
  }

  /** Claims the right to refuse the call, as long as the node loop has not taken it. */
  boolean claimUntaken() {
    return state.compareAndSet(State.OFFERED, State.ENDED);
  }

  /** How it ends when it certainly was not, and will not be, carried out. */
  abstract T refused(RejectReason reason, String message);

  /** How it ends when it was handed over and nothing more is known. */
  abstract T lost(RejectReason reason, String message);

  /** A command, or what else a caller may have appended to the log. */
  static final class Command extends Call<Outcome> {
    private final Proposal proposal;

    Command(Proposal proposal, long deadlineNanos) {
      super(deadlineNanos);
      this.proposal = proposal;
    }

    Proposal proposal() {
      return proposal;
    }

    @Override
    Outcome refused(RejectReason reason, String message) {
      return new Outcome.Rejected(reason, message);
    }

    @Override
    Outcome lost(RejectReason reason, String message) {
      return new Outcome.Unknown(message);
    }
  }

  /** A read. */
  static final class Read extends Call<ReadOutcome> {
    private final ByteBuffer query;
    private final ReadConsistency consistency;

    Read(ByteBuffer query, ReadConsistency consistency, long deadlineNanos) {
      super(deadlineNanos);
      this.query = query.asReadOnlyBuffer();
      this.consistency = consistency;
    }

    ReadConsistency consistency() {
      return consistency;
    }

    ByteBuffer query() {
      return query;
    }

    @Override
    ReadOutcome refused(RejectReason reason, String message) {
      return new ReadOutcome.Refused(reason, message);
    }

    @Override
    ReadOutcome lost(RejectReason reason, String message) {
      return refused(reason, message);
    }
  }

  /** A transfer of leadership, to a target or to whoever is best. */
  static final class Transfer extends Call<TransferOutcome> {
    private final Optional<NodeId> target;
    private final boolean resigns;

    Transfer(Optional<NodeId> target, boolean resigns, long deadlineNanos) {
      super(deadlineNanos);
      this.target = target;
      this.resigns = resigns;
    }

    Optional<NodeId> target() {
      return target;
    }

    boolean resigns() {
      return resigns;
    }

    @Override
    TransferOutcome refused(RejectReason reason, String message) {
      return new TransferOutcome.Failed(TransferOutcome.Reason.UNAVAILABLE, message);
    }

    @Override
    TransferOutcome lost(RejectReason reason, String message) {
      return refused(reason, message);
    }
  }

  /** A wish for a snapshot. */
  static final class TakeSnapshot extends Call<SnapshotOutcome> {

    TakeSnapshot(long deadlineNanos) {
      super(deadlineNanos);
    }

    @Override
    SnapshotOutcome refused(RejectReason reason, String message) {
      return new SnapshotOutcome.Failed(message);
    }

    @Override
    SnapshotOutcome lost(RejectReason reason, String message) {
      return refused(reason, message);
    }
  }

  /** A change of membership. */
  static final class Change extends Call<MembershipOutcome> {
    private final long version;
    private final List<MembershipChange> wishes;

    Change(long version, List<MembershipChange> wishes, long deadlineNanos) {
      super(deadlineNanos);
      this.version = version;
      this.wishes = List.copyOf(wishes);
    }

    long version() {
      return version;
    }

    List<MembershipChange> wishes() {
      return wishes;
    }

    @Override
    MembershipOutcome refused(RejectReason reason, String message) {
      return new MembershipOutcome.Refused(
          switch (reason) {
            case NO_LEADER, TIMED_OUT -> MembershipOutcome.Reason.NO_LEADER;
            case NOT_A_MEMBER -> MembershipOutcome.Reason.NOT_A_MEMBER;
            case OVER_LIMIT -> MembershipOutcome.Reason.OVER_LIMIT;
            default -> MembershipOutcome.Reason.NOT_SERVING;
          },
          message);
    }

    @Override
    MembershipOutcome lost(RejectReason reason, String message) {
      return new MembershipOutcome.Unknown(message);
    }
  }
}
