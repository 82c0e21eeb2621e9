package dev.quorate.raft.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.testkit.history.Verdict.Linearizable;
import dev.quorate.raft.testkit.history.Verdict.NotLinearizable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The search against the definition: every order of every choice of unknown operations. */
class BruteForceTest {

  private static final int HISTORIES = 6_000;

  private int legal;
  private int illegal;

  @Test
  void registers() {
    compare(
        new RegisterModel<>(),
        random ->
            switch (random.nextInt(7)) {
              case 0, 1, 2, 3 -> new RegisterModel.Read<Integer>();
              case 4 -> new RegisterModel.Write<>(random.nextInt(3));
              case 5 -> new RegisterModel.Clear<>();
              default -> new RegisterModel.CompareAndSet<>(value(random), random.nextInt(3));
            },
        (input, random) -> {
          if (input instanceof RegisterModel.Read) {
            return new RegisterModel.Value<>(value(random));
          }
          return input instanceof RegisterModel.CompareAndSet
              ? new RegisterModel.Exchanged<>(random.nextBoolean())
              : new RegisterModel.Done<>();
        });
  }

  private static Optional<Integer> value(SplittableRandom random) {
    return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(random.nextInt(3));
  }

  @Test
  void counters() {
    compare(
        new CounterModel(),
        random -> new CounterModel.Add(random.nextInt(3)),
        (input, random) -> (long) random.nextInt(5));
  }

  @Test
  void lists() {
    compare(
        new AppendModel<>(),
        random ->
            random.nextInt(3) == 0
                ? new AppendModel.Read<Integer>()
                : new AppendModel.Append<>(random.nextInt(2)),
        (input, random) -> {
          if (input instanceof AppendModel.Append) {
            return new AppendModel.Appended<>(random.nextInt(4));
          }
          List<Integer> elements = new ArrayList<>();
          while (random.nextInt(3) > 0) {
            elements.add(random.nextInt(2));
          }
          return new AppendModel.Contents<>(elements);
        });
  }

  private interface Inputs<I> {
    I draw(SplittableRandom random);
  }

  private interface Outputs<I, O> {
    O draw(I input, SplittableRandom random);
  }

  private <S, I, O> void compare(Model<S, I, O> model, Inputs<I> inputs, Outputs<I, O> outputs) {
    for (int seed = 0; seed < HISTORIES; seed++) {
      List<Operation<I, O>> history = draw(model, inputs, outputs, new SplittableRandom(seed));
      Verdict verdict = Linearizability.check(model, history);
      boolean expected = exists(model, model.initial(), history);
      assertThat(verdict)
          .as("seed %s: %s", seed, history)
          .isInstanceOf(expected ? Linearizable.class : NotLinearizable.class);
      if (verdict instanceof NotLinearizable not) {
        illegal++;
        offendsFirst(model, history, not);
      } else {
        legal++;
      }
    }
    assertThat(legal).isGreaterThan(HISTORIES / 4);
    assertThat(illegal).isGreaterThan(HISTORIES / 4);
  }

  /** Until the culprit returned there was an order, and from then on there is none. */
  private static <S, I, O> void offendsFirst(
      Model<S, I, O> model, List<Operation<I, O>> history, NotLinearizable verdict) {
    List<Operation<I, O>> prefix =
        history.stream().filter(one -> contains(verdict.prefix(), one.number())).toList();
    List<Operation<I, O>> known = new ArrayList<>();
    List<Operation<I, O>> before = new ArrayList<>();
    for (Operation<I, O> one : prefix) {
      boolean pending = one.isAcknowledged() && one.returnedAt() > verdict.culprit().returnedAt();
      known.add(pending ? pending(one) : one);
      before.add(pending || one.equals(verdict.culprit()) ? pending(one) : one);
    }
    assertThat(known).isEqualTo(verdict.prefix());
    assertThat(exists(model, model.initial(), known)).isFalse();
    assertThat(exists(model, model.initial(), before)).isTrue();
  }

  private static boolean contains(List<? extends Operation<?, ?>> operations, int number) {
    return operations.stream().anyMatch(operation -> operation.number() == number);
  }

  private static <I, O> Operation<I, O> pending(Operation<I, O> one) {
    return new Operation<>(
        one.number(), one.client(), one.invokedAt(), one.input(), new Ending.Pending<>());
  }

  /**
   * Up to 7 operations of 3 clients with distinct times. Answers are those of an object that
   * performs each operation at once when it ends; then one answer in some is changed.
   */
  private static <S, I, O> List<Operation<I, O>> draw(
      Model<S, I, O> model, Inputs<I> inputs, Outputs<I, O> outputs, SplittableRandom random) {
    History<I, O> history = new History<>();
    List<Optional<Open<I, O>>> open = new ArrayList<>();
    for (int client = 0; client < 3; client++) {
      open.add(Optional.empty());
    }
    S state = model.initial();
    int count = 1 + random.nextInt(7);
    for (long now = 0; history.operations().size() < count || now < 30; now++) {
      int client = random.nextInt(3);
      Optional<Open<I, O>> call = open.get(client);
      if (call.isEmpty() && history.operations().size() < count) {
        I input = inputs.draw(random);
        open.set(client, Optional.of(new Open<>(input, history.invoke("c" + client, input, now))));
      } else if (call.isPresent()) {
        I input = call.get().input;
        open.set(client, Optional.empty());
        switch (random.nextInt(8)) {
          case 0 -> call.get().call.failed("rejected", now);
          case 1 -> call.get().call.unknown("timeout", now);
          case 2 -> {
            state = model.unseen(state, input);
            call.get().call.unknown("timeout", now);
          }
          case 3, 4 -> call.get().call.returned(outputs.draw(input, random), now);
          default -> {
            S from = state;
            O output = outputs.draw(input, random);
            for (int i = 0; i < 500 && model.step(from, input, output).isEmpty(); i++) {
              output = outputs.draw(input, random);
            }
            state = model.unseen(state, input);
            call.get().call.returned(output, now);
          }
        }
      }
    }
    return history.operations();
  }

  private record Open<I, O>(I input, History<I, O>.Call call) {}

  /** Straight from the definition: is there an order of these, from that state on? */
  private static <S, I, O> boolean exists(
      Model<S, I, O> model, S state, List<Operation<I, O>> left) {
    if (left.stream().noneMatch(Operation::isAcknowledged)) {
      return true;
    }
    for (Operation<I, O> first : left) {
      boolean mayBeFirst =
          left.stream()
              .filter(Operation::isAcknowledged)
              .noneMatch(other -> other.returnedAt() < first.invokedAt());
      if (mayBeFirst && !first.isFailed()) {
        List<Operation<I, O>> rest = new ArrayList<>(left);
        rest.remove(first);
        Optional<S> after =
            first.ending() instanceof Ending.Returned<O> end
                ? model.step(state, first.input(), end.value())
                : Optional.of(model.unseen(state, first.input()));
        if (after.isPresent() && exists(model, after.get(), rest)) {
          return true;
        }
      }
    }
    return false;
  }
}
