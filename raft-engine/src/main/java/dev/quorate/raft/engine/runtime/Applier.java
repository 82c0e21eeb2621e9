package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.CorruptionException;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.SnapshotSource;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Origin;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The one who calls a group's state machine: commands in the order of the log, and queries between
 * them. Commands of client sessions go through their table, which belongs to the applied state too.
 * An exception from a command ends that for good: nothing is applied or read any more, and the
 * entry is never skipped (rule P15). An exception from a query is its asker's: the state is as it
 * was. Snapshots are captured and restored between two commands.
 */
final class Applier {

  private static final String QUERY_FAILED = "the state machine could not answer the query";

  private final StateMachine stateMachine;
  private final ReplicatedState state;
  private final SessionState sessions;
  private final SnapshotFiles files;
  private final Snapshotter snapshotter;
  private final Calls calls;
  private final Outbound outbound;
  private final int maxResultBytes;
  private final RateLimitedLog log;
  private final Listener listener;
  private final Mailbox mailbox;
  private Optional<String> stoppedBecause = Optional.empty();
  private volatile Thread running;

  /** Hears of the applier's progress. */
  interface Listener {
    /** More is applied. */
    void onApplied(Applied applied);

    /** The state machine threw, or cannot go on; that is the listener's to say. */
    void onApplyFailed(String reason, Throwable cause);

    /** No snapshot was captured; {@code forever} if the state machine has none at all. */
    void onSnapshotFailed(String reason, boolean forever);

    /** An error that is not the state machine's, or not its alone. */
    void onFault(Throwable cause);
  }

  /**
   * An applier that has applied nothing.
   *
   * @param state all that goes into snapshots, the state machine and the sessions among it
   * @param maxResultBytes the longest result that can be sent to another node
   */
  Applier(
      StateMachine stateMachine,
      ReplicatedState state,
      SessionState sessions,
      SnapshotFiles files,
      Snapshotter snapshotter,
      Calls calls,
      Outbound outbound,
      int maxResultBytes,
      Host host,
      Listener listener) {
    this.stateMachine = stateMachine;
    this.state = state;
    this.sessions = sessions;
    this.files = files;
    this.snapshotter = snapshotter;
    this.calls = calls;
    this.outbound = outbound;
    this.maxResultBytes = maxResultBytes;
    this.log = host.log();
    this.listener = listener;
    this.mailbox = new Mailbox(host.environment().blocking(), listener::onFault);
  }

  void apply(List<Effects.Apply> batch) {
    post(() -> applyAll(batch));
  }

  /** Runs what may call the state machine. */
  private void post(Runnable task) {
    mailbox.post(
        () -> {
          running = Thread.currentThread();
          try {
            task.run();
          } finally {
            running = null;
          }
        });
  }

  /** Answers a read after everything that was to be applied before. */
  void query(Call.Read read) {
    post(() -> answer(read));
  }

  /** Captures what is applied and has it written. */
  void capture() {
    post(this::captureNow);
  }

  /** Replaces the state by a snapshot's, after everything that was to be applied before. */
  void restore(SnapshotId id) {
    post(() -> restoreNow(id));
  }

  /**
   * Runs a task after everything that was asked for before; the state machine is not called again.
   */
  void stop(Runnable stopped) {
    mailbox.post(
        () -> {
          if (stoppedBecause.isEmpty()) {
            stoppedBecause = Optional.of("the node was closed");
          }
          stopped.run();
        });
  }

  /** Whether the caller is the state machine. */
  boolean isCaller() {
    return Thread.currentThread().equals(running);
  }

  private void applyAll(List<Effects.Apply> batch) {
    long before = state.index();
    for (Effects.Apply apply : batch) {
      if (stoppedBecause.isPresent()) {
        String reason = stoppedBecause.get();
        apply.origin().ifPresent(origin -> end(origin, new Outcome.Unknown(reason)));
      } else if (applyOne(apply)) {
        state.applied(apply.entry());
      }
    }
    if (state.index() > before) {
      listener.onApplied(applied());
    }
  }

  private Applied applied() {
    sessions.measure();
    return new Applied(state.index(), sessions.table().settings());
  }

  private boolean applyOne(Effects.Apply apply) {
    Optional<Outcome> outcome;
    try {
      outcome = outcomeOf(apply.entry());
    } catch (DecodeException e) {
      stop(apply, "this version cannot apply entry " + apply.entry(), e);
      return false;
    } catch (RuntimeException e) {
      stop(apply, "the state machine failed at index " + apply.entry().index(), e);
      return false;
    } catch (Error e) {
      stop(apply, "the state machine failed at index " + apply.entry().index(), e);
      rethrowIfOfTheMachine(e);
      return false;
    }
    outcome.ifPresent(end -> apply.origin().ifPresent(origin -> end(origin, end)));
    return true;
  }

  /** Applies an entry, whatever it is for; configurations and no-ops have no outcome. */
  private Optional<Outcome> outcomeOf(LogEntry entry) throws DecodeException {
    return switch (entry.type()) {
      case COMMAND ->
          Optional.of(new Outcome.Applied(entry.index(), applyCommand(entry, entry.payload())));
      case SESSION ->
          Optional.of(sessions.table().apply(entry, command -> applyCommand(entry, command)));
      case SETTINGS -> Optional.of(sessions.table().applySettings(entry));
      case CONFIGURATION -> {
        state.support(entry);
        yield Optional.empty();
      }
      case NO_OP -> Optional.empty();
    };
  }

  /** What is no fault of the state machine alone halts the node (rule P15). */
  private static void rethrowIfOfTheMachine(Error e) {
    if (e instanceof VirtualMachineError) {
      throw e;
    }
  }

  private byte[] applyCommand(LogEntry entry, ByteBuffer command) {
    byte[] result =
        stateMachine.apply(
            new ApplyContext(
                entry.index(), entry.term(), entry.wallTimeMillis(), entry.clusterTimeMillis()),
            command);
    if (result == null) {
      throw new IllegalStateException("StateMachine.apply returned null");
    }
    return result;
  }

  private void stop(Effects.Apply apply, String what, Throwable cause) {
    String reason = what + ": " + cause;
    apply.origin().ifPresent(origin -> end(origin, new Outcome.Unknown(reason)));
    stop(reason, "mend it and restart the node, which applies it again", cause);
  }

  private void stop(String reason, String remedy, Throwable cause) {
    String said = reason + "; " + remedy;
    stoppedBecause = Optional.of(said);
    listener.onApplyFailed(said, cause);
  }

  private void captureNow() {
    if (stoppedBecause.isPresent() || state.index() == 0) {
      listener.onSnapshotFailed(stoppedBecause.orElse("nothing is applied yet"), false);
      return;
    }
    try {
      state
          .capture()
          .ifPresentOrElse(
              snapshotter::write,
              () -> listener.onSnapshotFailed("the state machine has no snapshots", true));
    } catch (RuntimeException e) {
      log.warn("no capture", "the state machine could not be captured; it is tried again later", e);
      listener.onSnapshotFailed("the state machine could not be captured: " + e, false);
    }
  }

  private void restoreNow(SnapshotId id) {
    if (stoppedBecause.isPresent()) {
      return;
    }
    if (id.index() <= state.index()) {
      throw new IllegalStateException(id + " over a state of " + state.index());
    }
    try (SnapshotSource source = files.open(id)) {
      state.restore(source);
      files.keep(id);
      listener.onApplied(applied());
    } catch (CorruptionException e) {
      stop(
          restoring(id, e),
          "restart the node, which begins with an older snapshot if its log goes on from one;"
              + " otherwise wipe its data and let it be added again",
          e);
    } catch (IOException | RuntimeException e) {
      stop(restoring(id, e), "mend it and restart the node, which restores it again", e);
    }
  }

  private static String restoring(SnapshotId id, Exception e) {
    return "the state machine could not be restored from the snapshot at " + id.index() + ": " + e;
  }

  private void end(Origin origin, Outcome outcome) {
    if (origin instanceof Origin.Local local) {
      calls.find(local.number(), Call.Command.class).ifPresent(call -> calls.end(call, outcome));
    } else if (origin instanceof Origin.Remote remote) {
      outbound.send(
          remote.peer().id(),
          remote.peer().incarnation(),
          new ForwardResult(remote.peer().boot(), remote.number(), sendable(outcome)));
    }
  }

  private Outcome sendable(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied && applied.result().length > maxResultBytes) {
      return new Outcome.Unknown(
          "applied at index "
              + state.index()
              + ", but its result of "
              + applied.result().length
              + " bytes is longer than a message may be");
    }
    return outcome;
  }

  private void answer(Call.Read read) {
    if (read.isEnded()) {
      // Nobody waits for it: a slow query must not hold up what came behind those given up.
      return;
    }
    if (stoppedBecause.isPresent()) {
      calls.end(read, read.refused(RejectReason.DEGRADED, stoppedBecause.get()));
      return;
    }
    try {
      byte[] value = stateMachine.query(read.query());
      if (value == null) {
        throw new IllegalStateException("StateMachine.query returned null");
      }
      calls.end(read, new ReadOutcome.Answered(state.index(), value));
    } catch (RuntimeException e) {
      calls.fail(read, new RaftException(QUERY_FAILED, e));
    } catch (Error e) {
      calls.fail(read, new RaftException(QUERY_FAILED, e));
      rethrowIfOfTheMachine(e);
    }
  }
}
