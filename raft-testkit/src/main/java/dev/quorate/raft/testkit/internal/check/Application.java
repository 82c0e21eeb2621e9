package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * I5: all nodes apply the committed entries, in their order, with the same results. The state
 * machine is also checked for being deterministic: a second instance applies every command after it
 * and must answer the same.
 */
public final class Application {

  private final Ledger ledger;
  private final Supplier<StateMachine> machines;
  private final Map<Long, byte[]> results = new HashMap<>();

  /** A check of what is applied, against what is committed. */
  public Application(Ledger ledger, Supplier<StateMachine> machines) {
    this.ledger = ledger;
    this.machines = machines;
  }

  /**
   * A state machine of one boot of a node, under observation.
   *
   * @param failed is told of a violation, because an applier takes an error for its state machine's
   */
  public StateMachine observed(NodeId id, FailureListener failed) {
    return new Observed(id, machines.get(), machines.get(), failed);
  }

  /** Hears of a violation. */
  @FunctionalInterface
  public interface FailureListener {
    /** An invariant does not hold. */
    void violated(Violation violation);
  }

  private final class Observed implements StateMachine {

    private final NodeId id;
    private final StateMachine machine;
    private final StateMachine twin;
    private final FailureListener failed;
    private long lastIndex;

    private Observed(NodeId id, StateMachine machine, StateMachine twin, FailureListener failed) {
      this.id = id;
      this.machine = machine;
      this.twin = twin;
      this.failed = failed;
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      try {
        return applyOne(context, command);
      } catch (Violation e) {
        failed.violated(e);
        throw e;
      } catch (RuntimeException e) {
        // Commands are the workload's: an exception is a fault of the state machine (rule P15).
        Violation violation = new Violation("state machine", "apply at " + context + ": " + e);
        violation.initCause(e);
        failed.violated(violation);
        throw e;
      }
    }

    private byte[] applyOne(ApplyContext context, ByteBuffer command) {
      long index = context.index();
      Violation.unless(
          index > lastIndex, "I5", () -> id + " applies " + context + " after " + lastIndex);
      for (long skipped = lastIndex + 1; skipped < index; skipped++) {
        isCommitted(skipped);
        LogEntry entry = ledger.at(skipped);
        Violation.unless(
            entry.type() != LogEntry.Type.COMMAND, "I5", () -> id + " does not apply " + entry);
      }
      lastIndex = index;
      isCommitted(index);
      LogEntry entry = ledger.at(index);
      Violation.unless(
          entry.type() == LogEntry.Type.COMMAND
              && entry.term() == context.term()
              && entry.wallTimeMillis() == context.wallTimeMillis()
              && entry.clusterTimeMillis() == context.clusterTimeMillis()
              && entry.payload().equals(command),
          "I5",
          () -> id + " applies another command than " + entry + " at " + context);
      byte[] result = machine.apply(context, command.duplicate());
      byte[] second = twin.apply(context, command.duplicate());
      Violation.unless(
          Arrays.equals(result, second),
          "determinism",
          () -> "two instances of the state machine answer differently at " + context);
      byte[] first = results.putIfAbsent(index, result);
      Violation.unless(
          first == null || Arrays.equals(first, result),
          "I5",
          () -> "the result at " + context + " at " + id + " is not that of other nodes");
      return result;
    }

    private void isCommitted(long index) {
      Violation.unless(
          index <= ledger.lastIndex(), "I5", () -> id + " applies " + index + ", not committed");
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return machine.query(query);
    }
  }
}
