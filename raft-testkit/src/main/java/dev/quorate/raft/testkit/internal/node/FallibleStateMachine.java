package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.internal.check.Application.FailureListener;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A process's state machine that fails when it is told to: instead of applying the next command it
 * throws an exception, or the memory ends in it. Nothing may be asked of it after that until the
 * process is another (rule P15).
 */
final class FallibleStateMachine implements StateMachine {

  private final StateMachine machine;
  private final Runnable failing;
  private final FailureListener violated;
  private Optional<Failure> next = Optional.empty();
  private boolean failed;

  /** How it fails. */
  enum Failure {
    EXCEPTION,
    NO_MEMORY
  }

  /** There is no memory left for a state machine, which ends an actor's turn and nothing else. */
  static final class NoMemory extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    private NoMemory() {
      super("simulated");
    }
  }

  /**
   * A state machine that does not fail.
   *
   * @param failing is told when it does
   * @param violated is told when anything is asked of it after that
   */
  FallibleStateMachine(StateMachine machine, Runnable failing, FailureListener violated) {
    this.machine = machine;
    this.failing = failing;
    this.violated = violated;
  }

  /** It fails at the next command. */
  void failNext(Failure failure) {
    next = Optional.of(failure);
  }

  /** It does not fail, unless it has. */
  void calmDown() {
    next = Optional.empty();
  }

  /** Whether it has failed. */
  boolean hasFailed() {
    return failed;
  }

  @Override
  public Optional<String> validate(ByteBuffer command) {
    return machine.validate(command);
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    mustBeWell("applies " + context);
    if (next.isPresent()) {
      failed = true;
      failing.run();
      if (next.get() == Failure.NO_MEMORY) {
        throw new NoMemory();
      }
      throw new IllegalStateException("simulated: the state machine fails");
    }
    return machine.apply(context, command);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    mustBeWell("answers a query");
    return machine.query(query);
  }

  @Override
  public Optional<Snapshot> capture() {
    mustBeWell("is captured");
    return machine.capture();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    mustBeWell("is restored");
    machine.restore(in);
  }

  private void mustBeWell(String what) {
    if (failed) {
      Violation violation =
          new Violation("P15", "a state machine that failed " + what + " before it is mended");
      violated.violated(violation);
      throw violation;
    }
  }
}
