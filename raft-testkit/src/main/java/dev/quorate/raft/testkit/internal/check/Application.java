package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * I5: all nodes apply the committed entries, in their order, with the same results. The state
 * machine is also checked for being deterministic: a second instance applies every command after it
 * and must answer the same, queries too, and have the same snapshots byte by byte.
 *
 * <p>I14: a snapshot is what the commands up to its index bring about. What is restored was
 * captured somewhere, byte by byte; and the second instance is replaced by one that is restored
 * from every snapshot that is written, so that whatever a snapshot lacks, or has of commands behind
 * it, shows.
 *
 * <p>What its user says of every state is judged whenever there is a new one.
 *
 * <p>What a state machine refuses when it validates is in no log (rule P15), and it says the same
 * whatever its state is.
 */
public final class Application {

  private final Reference reference;
  private final Supplier<StateMachine> machines;
  private final Expectations expectations;
  private final Set<ByteBuffer> captured = new HashSet<>();
  private final StateMachine untouched;
  private final Map<NodeId, Observed> present = new TreeMap<>();

  /**
   * A check of what is applied, against what is committed.
   *
   * @param expectations what is expected of the state machine besides
   */
  public Application(
      Reference reference, Supplier<StateMachine> machines, Expectations expectations) {
    this.reference = reference;
    this.machines = machines;
    this.expectations = expectations;
    this.untouched = machines.get();
  }

  /**
   * The cluster begins with the state after the last committed entry, which another cluster came
   * to: just that is to be restored.
   */
  public void restored(Application other) {
    long last = reference.ledger().lastIndex();
    StateMachine model = machines.get();
    long lastIndex = 0;
    for (long index = 1; index <= last; index++) {
      Optional<Reference.Applied> applied = reference.at(index);
      if (applied.isPresent()) {
        applied.get().by(model);
        lastIndex = index;
      }
    }
    if (!expectations.comparesSnapshots()) {
      captured.addAll(other.captured);
      return;
    }
    try (Snapshot snapshot = model.capture().orElseThrow()) {
      ByteArrayOutputStream state = new ByteArrayOutputStream();
      state.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(lastIndex).array());
      snapshot.writeTo(state);
      captured.add(ByteBuffer.wrap(state.toByteArray()));
    } catch (IOException e) {
      throw new Violation("state machine", "capture: " + e);
    }
  }

  /**
   * A state machine of one boot of a node, under observation.
   *
   * @param failed is told of a violation, because an applier takes an error for its state machine's
   */
  public Replica observed(NodeId id, FailureListener failed) {
    Observed observed = new Observed(id, machines.get(), machines.get(), failed);
    present.put(id, observed);
    return observed;
  }

  /** In the end: what the user says of every state holds in the last one of each node. */
  public void judge() {
    present.values().forEach(Observed::judgeState);
  }

  /** A state machine under observation. */
  public interface Replica extends StateMachine {
    /** The index of the last command that it was given, or of the snapshot it was restored from. */
    long lastIndex();
  }

  /** Hears of a violation. */
  @FunctionalInterface
  public interface FailureListener {
    /** An invariant does not hold. */
    void violated(Violation violation);
  }

  private static boolean isThat(
      Reference.Applied expected, ApplyContext context, ByteBuffer command) {
    LogEntry entry = expected.entry();
    return entry.index() == context.index()
        && entry.term() == context.term()
        && entry.wallTimeMillis() == context.wallTimeMillis()
        && entry.clusterTimeMillis() == context.clusterTimeMillis()
        && expected.command().equals(command);
  }

  private final class Observed implements Replica {

    private final NodeId id;
    private final StateMachine machine;
    private StateMachine twin;
    private final FailureListener failed;
    private long lastIndex;

    private Observed(NodeId id, StateMachine machine, StateMachine twin, FailureListener failed) {
      this.id = id;
      this.machine = machine;
      this.twin = twin;
      this.failed = failed;
    }

    @Override
    public long lastIndex() {
      return lastIndex;
    }

    @Override
    public Optional<String> validate(ByteBuffer command) {
      Optional<String> refusal = machine.validate(command.duplicate());
      Optional<String> other = untouched.validate(command.duplicate());
      if (!refusal.equals(other)) {
        Violation violation =
            new Violation(
                "determinism", "validate depends on the state: " + refusal + ", " + other);
        failed.violated(violation);
        throw violation;
      }
      return refusal;
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
        Optional<Reference.Applied> applied = committed(skipped);
        Violation.unless(
            applied.isEmpty(), "I5", () -> id + " does not apply " + applied.get().entry());
      }
      lastIndex = index;
      Optional<Reference.Applied> expected = committed(index);
      Violation.unless(
          expected.filter(it -> isThat(it, context, command)).isPresent(),
          "I5",
          () -> id + " applies another command than " + expected + " at " + context);
      Optional<String> refusal = untouched.validate(command.duplicate());
      Violation.unless(
          refusal.isEmpty(),
          "P15",
          () -> id + " applies what is to be refused (" + refusal.orElseThrow() + "): " + context);
      byte[] result = machine.apply(context, command.duplicate());
      byte[] second = twin.apply(context, command.duplicate());
      Violation.unless(
          Arrays.equals(result, second),
          "determinism",
          () -> "two instances of the state machine answer differently at " + context);
      Violation.unless(
          Arrays.equals(expected.get().result(), result),
          "I5",
          () -> "the result at " + context + " at " + id + " is not what the log gives");
      judgeState();
      return result;
    }

    private void judgeState() {
      expectations.invariants().forEach(it -> it.judge(id, lastIndex, machine));
    }

    private Optional<Reference.Applied> committed(long index) {
      Violation.unless(
          index <= reference.ledger().lastIndex(),
          "I5",
          () -> id + " applies " + index + ", not committed");
      return reference.at(index);
    }

    @Override
    public Optional<Snapshot> capture() {
      long index = lastIndex;
      Optional<Snapshot> snapshot = machine.capture();
      Optional<Snapshot> second =
          expectations.comparesSnapshots() ? twin.capture() : Optional.empty();
      return snapshot.map(it -> new Captured(it, second, index));
    }

    /** The state after the command at an index. */
    private final class Captured implements Snapshot {

      private final Snapshot snapshot;
      private final Optional<Snapshot> second;
      private final long index;

      private Captured(Snapshot snapshot, Optional<Snapshot> second, long index) {
        this.snapshot = snapshot;
        this.second = second;
        this.index = index;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeTo(bytes, snapshot);
        captured.add(ByteBuffer.wrap(bytes.toByteArray()));
        try {
          compare(bytes);
          goOnFrom(ByteBuffer.wrap(bytes.toByteArray()));
        } catch (Violation e) {
          failed.violated(e);
          throw e;
        }
        bytes.writeTo(out);
      }

      private void writeTo(ByteArrayOutputStream out, Snapshot its) throws IOException {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
        its.writeTo(out);
      }

      private void compare(ByteArrayOutputStream bytes) throws IOException {
        if (expectations.comparesSnapshots()) {
          ByteArrayOutputStream other = new ByteArrayOutputStream();
          if (second.isPresent()) {
            writeTo(other, second.get());
          }
          Violation.unless(
              Arrays.equals(bytes.toByteArray(), other.toByteArray()),
              "determinism",
              () -> "two instances of the state machine have different snapshots at " + index);
        }
      }

      @Override
      public void close() {
        snapshot.close();
        second.ifPresent(Snapshot::close);
      }
    }

    /** The twin is restored, and catches up with the commands that were applied since. */
    private void goOnFrom(ByteBuffer state) {
      long index = state.getLong();
      twin = restored(machines.get(), state);
      for (long next = index + 1; next <= lastIndex; next++) {
        Optional<Reference.Applied> applied = reference.at(next);
        Violation.unless(
            applied.filter(it -> !Arrays.equals(it.by(twin), it.result())).isEmpty(),
            "I14",
            () ->
                "a state machine from the snapshot at "
                    + index
                    + " answers otherwise: "
                    + applied.get().entry());
      }
    }

    private StateMachine restored(StateMachine empty, ByteBuffer state) {
      try {
        empty.restore(new ByteArrayInputStream(state.array(), state.position(), state.remaining()));
        return empty;
      } catch (IOException | RuntimeException e) {
        Violation violation = new Violation("state machine", "restore: " + e);
        violation.initCause(e);
        throw violation;
      }
    }

    @Override
    public void restore(InputStream in) throws IOException {
      ByteBuffer state = ByteBuffer.wrap(in.readAllBytes());
      try {
        Violation.unless(
            captured.contains(state), "I14", () -> id + " restores what nobody captured");
        long index = state.getLong();
        Violation.unless(
            lastIndex <= index && index <= reference.ledger().lastIndex(),
            "I5",
            () -> id + " restores the state of " + index + " after that of " + lastIndex);
        restored(machine, state.duplicate());
        twin = restored(machines.get(), state);
        lastIndex = index;
        judgeState();
      } catch (Violation e) {
        failed.violated(e);
        throw e;
      }
    }

    @Override
    public byte[] query(ByteBuffer query) {
      byte[] answer = machine.query(query.duplicate());
      byte[] second = twin.query(query.duplicate());
      if (!Arrays.equals(answer, second)) {
        Violation violation =
            new Violation(
                "determinism",
                "two instances of the state machine answer a query differently at " + lastIndex);
        failed.violated(violation);
        throw violation;
      }
      return answer;
    }
  }
}
