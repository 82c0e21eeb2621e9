package dev.quorate.raft.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a history is linearizable (Herlihy and Wing, 1990): whether there is an order of
 * the operations that the model allows and that never puts an operation before another which had
 * returned before the first was invoked. Operations of unknown or no end may be anywhere after
 * their invocation, or nowhere; failed ones are nowhere.
 *
 * <p>The problem is NP-complete, so the search has a budget. It is counted in steps of the model,
 * not in time: the same history always gets the same verdict. Every method is safe for use by
 * several threads.
 */
public final class Linearizability {

  /**
   * The steps that the search of one object may take, unless said otherwise; it holds at most a
   * memory of some 200 MB then.
   */
  public static final long DEFAULT_BUDGET = 1_000_000;

  private Linearizability() {}

  /**
   * Judges a history with the {@link #DEFAULT_BUDGET}.
   *
   * @param model what the object should do
   * @param operations the history, in the order of {@link History#operations}
   * @param <S> a state
   * @param <I> what clients ask for
   * @param <O> what a call returns
   * @return the verdict; end a test with its {@link Verdict#requireLinearizable}
   */
  public static <S, I, O> Verdict check(Model<S, I, O> model, List<Operation<I, O>> operations) {
    return check(model, operations, DEFAULT_BUDGET);
  }

  /**
   * Judges a history.
   *
   * @param model what the object should do
   * @param operations the history, in the order of {@link History#operations}
   * @param budget how many steps of the model the search of each object may take, at least 1
   * @param <S> a state
   * @param <I> what clients ask for
   * @param <O> what a call returns
   * @return the verdict; end a test with its {@link Verdict#requireLinearizable}
   */
  public static <S, I, O> Verdict check(
      Model<S, I, O> model, List<Operation<I, O>> operations, long budget) {
    if (budget < 1) {
      throw new IllegalArgumentException("a budget of " + budget);
    }
    Map<Object, List<Operation<I, O>>> partitions = new LinkedHashMap<>();
    for (Operation<I, O> operation : operations) {
      partitions
          .computeIfAbsent(model.partition(operation.input()), key -> new ArrayList<>())
          .add(operation);
    }
    long steps = 0;
    List<Object> undecided = new ArrayList<>();
    for (Map.Entry<Object, List<Operation<I, O>>> partition : partitions.entrySet()) {
      Search<S, I, O> search = new Search<>(model, partition.getValue(), budget);
      switch (search.run()) {
        case ILLEGAL -> {
          return new Offence<>(model, partition.getKey(), partition.getValue(), budget).verdict();
        }
        case EXHAUSTED -> undecided.add(partition.getKey());
        default -> steps += search.steps();
      }
    }
    return undecided.isEmpty()
        ? new Verdict.Linearizable(operations.size(), partitions.size(), steps)
        : new Verdict.Undecided(undecided, budget);
  }
}
