package dev.quorate.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.SimulationTest;
import dev.quorate.raft.testkit.simulation.Fault;
import dev.quorate.raft.testkit.simulation.SimulationFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a user's mistakes look like. */
class BrokenStateMachineTest {

  /** It depends on something that is not in the log. */
  private static final class Unsteady implements StateMachine {

    private static long instances;
    private final long number = ++instances;

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return new byte[0];
    }
  }

  /** It refuses a command by an exception. */
  private static final class Throwing implements StateMachine {

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      throw new IllegalArgumentException("no such thing");
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return new byte[0];
    }
  }

  /** What it refuses depends on what it has applied. */
  private static final class Moody implements StateMachine {

    private int applied;

    @Override
    public Optional<String> validate(ByteBuffer command) {
      return applied > 3 ? Optional.of("enough") : Optional.empty();
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      applied++;
      return new byte[0];
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return new byte[0];
    }
  }

  @Test
  void whatIsRefusedMustNotDependOnTheState() {
    assertThat(failureOf(Moody::new))
        .hasMessageContaining("validate depends on the state")
        .satisfies(failure -> assertThat(failure.invariant()).isEqualTo("determinism"));
  }

  @Test
  void aStateMachineThatIsNotDeterministicIsFound() {
    assertThat(failureOf(Unsteady::new).invariant()).isEqualTo("determinism");
  }

  /** Its state depends on which instance it is; results do not show it. */
  private static final class Secretive implements StateMachine {

    private static long instances;
    private final boolean answers;
    private final long number = ++instances;
    private long state;

    private Secretive(boolean answers) {
      this.answers = answers;
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      state = number;
      return new byte[0];
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return answers ? bytes() : new byte[0];
    }

    @Override
    public Optional<Snapshot> capture() {
      byte[] bytes = bytes();
      return answers ? Optional.empty() : Optional.of(out -> out.write(bytes));
    }

    @Override
    public void restore(InputStream in) throws IOException {
      state = ByteBuffer.wrap(in.readAllBytes()).getLong();
    }

    private byte[] bytes() {
      return ByteBuffer.allocate(Long.BYTES).putLong(state).array();
    }
  }

  @Test
  void aStateThatDiffersAndShowsOnlyInASnapshotIsFound() {
    Simulation secretive =
        Simulation.of(() -> new Secretive(false), random -> new byte[] {1})
            .setting("raft.snapshot.after-entries", "20")
            .seed(7);

    assertThat(secretive.broken()).contains("determinism");
    assertThat(secretive.snapshotsInAnyOrder().broken()).isEmpty();
  }

  @Test
  void aStateThatDiffersAndShowsOnlyInAQueryIsFound() {
    assertThat(failureOf(() -> new Secretive(true)))
        .hasMessageContaining("answer a query differently")
        .satisfies(failure -> assertThat(failure.invariant()).isEqualTo("determinism"));
  }

  @Test
  void anExceptionOfTheStateMachineIsFoundAndShown() {
    assertThat(failureOf(Throwing::new))
        .hasMessageContaining("no such thing")
        .hasMessageContaining("seed 7 breaks")
        .hasMessageContaining(
            "replay: mvn test -Dtest=BrokenStateMachineTest"
                + "#anExceptionOfTheStateMachineIsFoundAndShown\n")
        // The shrunk run needs no fault at all, and its trace shows what was applied.
        .hasMessageContaining("smaller, with {}")
        .hasMessageContaining("COMMIT");
  }

  @SimulationTest(seeds = 1, first = 7)
  void oneSeedOfManyIsNamedInTheCommand(long seed) {
    assertThat(failureOf(Throwing::new))
        .hasMessageContaining(
            "replay: mvn test -Dtest=BrokenStateMachineTest"
                + "#oneSeedOfManyIsNamedInTheCommand -Dquorate.simulation.seed="
                + seed);
  }

  /** Money is made: every node agrees on how much. */
  private static final class Generous implements StateMachine {

    private long sum;

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      sum += sum < 5 ? 1 : 0;
      return new byte[0];
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return new byte[0];
    }
  }

  @Test
  void anInvariantOfTheStateMachineThatDoesNotHoldIsNamed() {
    Simulation generous = Simulation.of(Generous::new, random -> new byte[] {1}).faults().seed(7);

    generous.invariant("little is made", Generous.class, it -> it.sum <= 5).run();
    assertThatThrownBy(
            () -> generous.invariant("nothing is made", Generous.class, it -> it.sum == 0).run())
        .isInstanceOfSatisfying(
            SimulationFailure.class, it -> assertThat(it.invariant()).isEqualTo("nothing is made"))
        .hasMessageContaining("seed 7 breaks nothing is made: does not hold at n")
        .hasMessageContaining(" after index ")
        .hasMessageContaining(
            "replay: mvn test -Dtest=BrokenStateMachineTest"
                + "#anInvariantOfTheStateMachineThatDoesNotHoldIsNamed\n");
  }

  @Test
  void anInvariantIsOfTheStateMachineThatThereIs() {
    Simulation accounts = Simulation.of(Accounts::new, new Accounts.Moves(false));
    assertThatThrownBy(() -> accounts.invariant("rich", Generous.class, it -> it.sum > 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Accounts");
  }

  @SimulationTest(seeds = 2, first = 40)
  void nothingHappensThatWasNotAskedFor(long seed) {
    assertThat(
            Simulation.of(Accounts::new, new Accounts.Moves(false))
                .seed(seed)
                .faults(Fault.KILL)
                .run()
                .faults())
        .hasSizeLessThanOrEqualTo(1);
  }

  private static SimulationFailure failureOf(Supplier<StateMachine> machine) {
    SimulationFailure[] failure = new SimulationFailure[1];
    assertThatThrownBy(() -> Simulation.of(machine, random -> new byte[] {1}).seed(7).run())
        .isInstanceOfSatisfying(SimulationFailure.class, found -> failure[0] = found);
    return failure[0];
  }
}
