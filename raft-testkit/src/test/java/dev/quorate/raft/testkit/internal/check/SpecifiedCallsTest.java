package dev.quorate.raft.testkit.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.testkit.history.CounterModel;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Interpretation;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecifiedCallsTest {

  private static final String CALLER = "caller";

  private final Specification<Long, CounterModel.Add, Long> counter =
      new Specification<>(new CounterModel(), new Counting());

  private long now;
  private final SpecifiedCalls<Long, CounterModel.Add, Long> calls =
      new SpecifiedCalls<>(counter, () -> now++, 1_000);

  /** A command adds its one byte; a query adds nothing; both are answered with the sum. */
  private static final class Counting implements Interpretation<CounterModel.Add, Long> {
    @Override
    public CounterModel.Add command(byte[] command) {
      return new CounterModel.Add(command[0]);
    }

    @Override
    public CounterModel.Add query(byte[] query) {
      return new CounterModel.Add(0);
    }

    @Override
    public Long result(CounterModel.Add input, byte[] result) {
      return (long) result[0];
    }
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }

  private void add(int what, int sum) {
    calls.command(CALLER, bytes(what)).returned(bytes(sum));
  }

  private void look(int sum) {
    calls.query(CALLER, bytes(0)).returned(bytes(sum));
  }

  /** What a run fails for that broke otherwise and has seen these calls. */
  private static Violation gravest(SpecifiedCalls<?, ?, ?> seen, Violation broken) {
    ClientHistory history = new ClientHistory(() -> 0, true, Optional.of(seen));
    return history.gravest(broken, new Committed().reference());
  }

  @Test
  void whatClientsSeeForThemselvesIsGraverThanWhatBrokeBefore() {
    Violation broken = new Violation("I4", "two logs differ");
    add(1, 1);
    assertThat(gravest(calls, broken)).isSameAs(broken);
    look(0);
    Violation seen = gravest(calls, broken);
    assertThat(seen.invariant()).isEqualTo(SpecifiedCalls.NO_ORDER);
    assertThat(seen.getSuppressed()).containsExactly(broken);
  }

  @Test
  void aSearchThatComesToNoEndHidesNothing() {
    Violation broken = new Violation("I4", "two logs differ");
    SpecifiedCalls<Long, CounterModel.Add, Long> hurried =
        new SpecifiedCalls<>(counter, () -> now++, 1);
    hurried.command(CALLER, bytes(1)).returned(bytes(1));
    hurried.command(CALLER, bytes(1)).returned(bytes(2));
    assertThat(gravest(hurried, broken)).isSameAs(broken);
  }

  private static void breaks(String what, SpecifiedCalls<?, ?, ?> calls) {
    assertThatThrownBy(() -> calls.judge(command -> true))
        .isInstanceOfSatisfying(Violation.class, it -> assertThat(it.invariant()).isEqualTo(what));
  }

  @Test
  void answersThatFollowFromEachOtherAreExplained() {
    SpecifiedCalls.Call slow = calls.command(CALLER, bytes(5));
    add(1, 1);
    look(6);
    slow.returned(bytes(6));
    calls.judge(command -> true);
    assertThat(calls.explained()).isEqualTo(3);
  }

  @Test
  void aReadThatMissesWhatWasAcknowledgedIsRefused() {
    add(1, 1);
    look(0);
    breaks(SpecifiedCalls.NO_ORDER, calls);
  }

  @Test
  void aCommandOfUnknownEndMayHaveAnEffectIfItIsInTheLog() {
    calls.command(CALLER, bytes(5));
    look(5);
    calls.judge(ByteBuffer.wrap(bytes(5))::equals);
    assertThatThrownBy(() -> calls.judge(command -> false))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("NOT LINEARIZABLE");
  }

  @Test
  void aRejectedCommandHasNoEffect() {
    calls.command(CALLER, bytes(5)).failed("the leader is busy");
    look(5);
    breaks(SpecifiedCalls.NO_ORDER, calls);
  }

  @Test
  void aSearchThatComesToNoEndIsNoPass() {
    SpecifiedCalls<Long, CounterModel.Add, Long> hurried =
        new SpecifiedCalls<>(counter, () -> now++, 1);
    hurried.command(CALLER, bytes(1)).returned(bytes(1));
    hurried.command(CALLER, bytes(1)).returned(bytes(2));
    breaks(SpecifiedCalls.UNDECIDED, hurried);
  }
}
