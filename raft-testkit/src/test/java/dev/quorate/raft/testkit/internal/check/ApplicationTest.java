package dev.quorate.raft.testkit.internal.check;

import static dev.quorate.raft.testkit.internal.check.Committed.N1;
import static dev.quorate.raft.testkit.internal.check.Committed.at;
import static dev.quorate.raft.testkit.internal.check.Committed.bytes;
import static dev.quorate.raft.testkit.internal.verdict.Broken.breaks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.internal.check.Committed.Sum;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ApplicationTest {

  private final Committed log = new Committed().commands(4, 5, 6);
  private final List<Violation> told = new ArrayList<>();

  private Application application(Supplier<StateMachine> machines) {
    return new Application(log.reference(), machines, Expectations.USUAL);
  }

  private Application.Replica replica(Supplier<StateMachine> machines) {
    return application(machines).observed(N1, told::add);
  }

  private static byte[] apply(StateMachine machine, long index, int value) {
    return machine.apply(at(index), ByteBuffer.wrap(bytes(value)));
  }

  private static byte[] written(StateMachine machine) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    machine.capture().orElseThrow().writeTo(bytes);
    return bytes.toByteArray();
  }

  @Test
  void whatIsCommittedIsAppliedInItsOrder() throws IOException {
    Application application = application(Sum::new);
    Application.Replica one = application.observed(N1, told::add);
    apply(one, 1, 4);
    apply(one, 2, 5);
    Application.Replica other = application.observed(N1, told::add);
    other.restore(new ByteArrayInputStream(written(one)));
    assertThat(apply(other, 3, 6)).containsExactly(15);
    assertThat(other.query(ByteBuffer.allocate(0))).containsExactly(15);
    assertThat(other.lastIndex()).isEqualTo(3);
    assertThat(told).isEmpty();
  }

  @Test
  void nothingIsLeftOutOrAppliedTwice() {
    Application.Replica replica = replica(Sum::new);
    breaks("I5", () -> apply(replica, 2, 5));
    Application.Replica other = replica(Sum::new);
    apply(other, 1, 4);
    breaks("I5", () -> apply(other, 1, 4));
    assertThat(told).hasSize(2);
  }

  @Test
  void nothingElseIsApplied() {
    breaks("I5", () -> apply(replica(Sum::new), 1, 3));
    Application.Replica replica = replica(Sum::new);
    apply(replica, 1, 4);
    apply(replica, 2, 5);
    apply(replica, 3, 6);
    breaks("I5", () -> apply(replica, 4, 7));
  }

  @Test
  void aResultIsThatOfTheLog() {
    // The reference applied with another state machine than the nodes have.
    breaks("I5", () -> apply(replica(() -> new Skewed(1)), 1, 4));
  }

  @Test
  void whatIsRefusedIsNotApplied() {
    log.commands(13);
    Application.Replica replica = replica(Sum::new);
    apply(replica, 1, 4);
    apply(replica, 2, 5);
    apply(replica, 3, 6);
    breaks("P15", () -> apply(replica, 4, 13));
  }

  @Test
  void whatIsRestoredWasCaptured() {
    byte[] state = new byte[Long.BYTES + 1];
    state[Long.BYTES - 1] = 1;
    breaks("I14", () -> replica(Sum::new).restore(new ByteArrayInputStream(state)));
  }

  /** A snapshot that has nothing of the state. */
  private static final class Empty extends Sum {
    @Override
    public Optional<Snapshot> capture() {
      return Optional.of(out -> out.write(0));
    }
  }

  @Test
  void aSnapshotHasTheWholeState() throws IOException {
    Application.Replica replica = replica(Empty::new);
    apply(replica, 1, 4);
    Snapshot early = replica.capture().orElseThrow();
    apply(replica, 2, 5);
    breaks("I14", () -> early.writeTo(new ByteArrayOutputStream()));

    Application.Replica whole = replica(Sum::new);
    apply(whole, 1, 4);
    Snapshot right = whole.capture().orElseThrow();
    apply(whole, 2, 5);
    right.writeTo(new ByteArrayOutputStream());
  }

  /** It depends on which instance it is, in one of its answers. */
  private static final class Skewed extends Sum {
    private final int by;

    private Skewed(int by) {
      this.by = by;
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      return bytes(super.apply(context, command)[0] + by);
    }
  }

  private static Supplier<StateMachine> numbered() {
    int[] number = new int[1];
    return () -> new Skewed(number[0]++);
  }

  @Test
  void twoInstancesAnswerAlike() {
    breaks("determinism", () -> apply(replica(numbered()), 1, 4));
  }

  /** Its first instance says nothing of what the second says. */
  private static final class Curious extends Sum {
    private static int instances;
    private final int number = ++instances;

    @Override
    public byte[] query(ByteBuffer query) {
      return bytes(number);
    }

    @Override
    public Optional<Snapshot> capture() {
      return Optional.of(out -> out.write(number));
    }

    @Override
    public Optional<String> validate(ByteBuffer command) {
      return Optional.of("I am " + number);
    }
  }

  @Test
  void twoInstancesAnswerQueriesAndValidateAlikeAndHaveEqualSnapshots() {
    Application.Replica replica = replica(Curious::new);
    breaks("determinism", () -> replica.query(ByteBuffer.allocate(0)));
    breaks("determinism", () -> replica.validate(ByteBuffer.wrap(bytes(1))));
    breaks("determinism", () -> written(replica));
  }

  @Test
  void whatItsUserSaysHoldsInEveryState() throws IOException {
    Expectations small =
        Expectations.USUAL.with(
            new StateInvariant("small", it -> it.query(ByteBuffer.allocate(0))[0] < 9));
    Application application = new Application(log.reference(), Sum::new, small);
    Application.Replica replica = application.observed(N1, told::add);
    apply(replica, 1, 4);
    application.judge();
    breaks("small", () -> apply(replica, 2, 5));
    breaks("small", application::judge);
    byte[] state = written(replica);
    Application.Replica other = application.observed(N1, told::add);
    breaks("small", () -> other.restore(new ByteArrayInputStream(state)));
  }

  @Test
  void anInvariantThatThrowsDoesNotHold() {
    Expectations unclear =
        Expectations.USUAL.with(
            new StateInvariant(
                "clear",
                it -> {
                  throw new IllegalStateException("who knows");
                }));
    Application.Replica replica =
        new Application(log.reference(), Sum::new, unclear).observed(N1, told::add);
    breaks("clear", () -> apply(replica, 1, 4));
  }

  /** It does neither. */
  private static final class Throwing extends Sum {
    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      throw new IllegalStateException("no");
    }

    @Override
    public void restore(InputStream in) throws IOException {
      throw new IOException("no");
    }
  }

  @Test
  void aStateMachineThrowsNothing() {
    Application.Replica replica = replica(Throwing::new);
    assertThatThrownBy(() -> apply(replica, 1, 4)).isInstanceOf(IllegalStateException.class);
    breaks("state machine", () -> written(replica));
    assertThat(told).extracting(Violation::invariant).containsOnly("state machine");
  }
}
