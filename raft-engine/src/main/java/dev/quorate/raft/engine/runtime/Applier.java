package dev.quorate.raft.engine.runtime;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.ReadOutcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.core.Effects;
import dev.quorate.raft.engine.core.Origin;
import dev.quorate.raft.engine.message.Message.ForwardResult;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * The one who calls a group's state machine: commands in the order of the log, and queries between
 * them. An exception from a command ends that for good: nothing is applied or read any more, and
 * the entry is never skipped (rule P15). An exception from a query is its asker's: the state is as
 * it was.
 */
final class Applier {

  private static final System.Logger LOG = System.getLogger(Applier.class.getName());

  private static final String QUERY_FAILED = "the state machine could not answer the query";

  private final StateMachine stateMachine;
  private final Calls calls;
  private final Outbound outbound;
  private final int maxResultBytes;
  private final Listener listener;
  private final Mailbox mailbox;
  private long appliedIndex;
  private Optional<String> stoppedBecause = Optional.empty();
  private volatile Thread running;

  /** Hears of the applier's progress. */
  interface Listener {
    /** All entries up to that index are applied. */
    void onApplied(long index);

    /** The state machine threw. */
    void onApplyFailed(String reason);

    /** An error that is not the state machine's, or not its alone. */
    void onFault(Throwable cause);
  }

  /**
   * An applier that has applied nothing.
   *
   * @param maxResultBytes the longest result that can be sent to another node
   */
  Applier(
      StateMachine stateMachine,
      Calls calls,
      Outbound outbound,
      int maxResultBytes,
      Environment environment,
      Listener listener) {
    this.stateMachine = stateMachine;
    this.calls = calls;
    this.outbound = outbound;
    this.maxResultBytes = maxResultBytes;
    this.listener = listener;
    this.mailbox = new Mailbox(environment.executor(), listener::onFault);
  }

  void apply(List<Effects.Apply> batch) {
    mailbox.post(
        () -> {
          running = Thread.currentThread();
          try {
            applyAll(batch);
          } finally {
            running = null;
          }
        });
  }

  /** Answers a read after everything that was to be applied before. */
  void query(Call.Read read) {
    mailbox.post(
        () -> {
          running = Thread.currentThread();
          try {
            answer(read);
          } finally {
            running = null;
          }
        });
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
    long before = appliedIndex;
    for (Effects.Apply apply : batch) {
      if (stoppedBecause.isPresent()) {
        String reason = stoppedBecause.get();
        apply.origin().ifPresent(origin -> end(origin, new Outcome.Unknown(reason)));
      } else if (applyOne(apply)) {
        appliedIndex = apply.entry().index();
      }
    }
    if (appliedIndex > before) {
      listener.onApplied(appliedIndex);
    }
  }

  private boolean applyOne(Effects.Apply apply) {
    LogEntry entry = apply.entry();
    if (entry.type() != LogEntry.Type.COMMAND) {
      return true;
    }
    byte[] result;
    try {
      result = applyCommand(entry);
    } catch (RuntimeException e) {
      stop(apply, e);
      return false;
    } catch (Error e) {
      stop(apply, e);
      rethrowIfOfTheMachine(e);
      return false;
    }
    apply.origin().ifPresent(origin -> end(origin, new Outcome.Applied(entry.index(), result)));
    return true;
  }

  /** What is no fault of the state machine alone halts the node (rule P15). */
  private static void rethrowIfOfTheMachine(Error e) {
    if (e instanceof VirtualMachineError) {
      throw e;
    }
  }

  private byte[] applyCommand(LogEntry entry) {
    byte[] result =
        stateMachine.apply(
            new ApplyContext(
                entry.index(), entry.term(), entry.wallTimeMillis(), entry.clusterTimeMillis()),
            entry.payload());
    if (result == null) {
      throw new IllegalStateException("StateMachine.apply returned null");
    }
    return result;
  }

  private void stop(Effects.Apply apply, Throwable cause) {
    String reason = "the state machine failed at index " + apply.entry().index() + ": " + cause;
    stoppedBecause = Optional.of(reason);
    LOG.log(Level.ERROR, reason + "; mend it and restart the node, which applies it again", cause);
    apply.origin().ifPresent(origin -> end(origin, new Outcome.Unknown(reason)));
    listener.onApplyFailed(reason);
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
              + applied.index()
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
      calls.end(read, new ReadOutcome.Answered(appliedIndex, value));
    } catch (RuntimeException e) {
      calls.fail(read, new RaftException(QUERY_FAILED, e));
    } catch (Error e) {
      calls.fail(read, new RaftException(QUERY_FAILED, e));
      rethrowIfOfTheMachine(e);
    }
  }
}
