package dev.quorate.raft.testkit.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds out where the history of an object that has no order goes wrong, and says it. */
final class Offence<S, I, O> {

  private static final int MOST_LINES = 10;

  private final Model<S, I, O> model;
  private final Object partition;
  private final List<Operation<I, O>> operations;
  private final List<Operation<I, O>> byReturn;
  private final long budget;

  Offence(Model<S, I, O> model, Object partition, List<Operation<I, O>> operations, long budget) {
    this.model = model;
    this.partition = partition;
    this.operations = operations;
    this.byReturn =
        operations.stream()
            .filter(Operation::isAcknowledged)
            .sorted(Comparator.comparingLong(Operation::returnedAt))
            .toList();
    this.budget = budget;
  }

  /**
   * A beginning of a linearizable history is linearizable, so that the shortest one that is not can
   * be found by halving. One whose search is undecided is taken as linearizable: then the result is
   * still an offending beginning, only perhaps not the shortest.
   */
  Verdict.NotLinearizable verdict() {
    int legal = 0;
    int illegal = byReturn.size();
    while (illegal - legal > 1) {
      int middle = (legal + illegal) / 2;
      if (new Search<>(model, prefix(middle), budget).run() == Search.Result.ILLEGAL) {
        illegal = middle;
      } else {
        legal = middle;
      }
    }
    Operation<I, O> culprit = byReturn.get(illegal - 1);
    List<Operation<I, O>> prefix = prefix(illegal);
    return new Verdict.NotLinearizable(partition, culprit, prefix, explain(culprit, prefix));
  }

  /** What was known when that many operations had returned. */
  private List<Operation<I, O>> prefix(int returns) {
    long end = byReturn.get(returns - 1).returnedAt();
    Set<Operation<I, O>> later = new HashSet<>(byReturn.subList(returns, byReturn.size()));
    List<Operation<I, O>> prefix = new ArrayList<>();
    for (Operation<I, O> operation : operations) {
      if (operation.invokedAt() <= end) {
        prefix.add(later.contains(operation) ? pending(operation) : operation);
      }
    }
    return prefix;
  }

  private static <I, O> Operation<I, O> pending(Operation<I, O> operation) {
    return new Operation<>(
        operation.number(),
        operation.client(),
        operation.invokedAt(),
        operation.input(),
        new Ending.Pending<>());
  }

  private String explain(Operation<I, O> culprit, List<Operation<I, O>> prefix) {
    StringBuilder text = new StringBuilder();
    text.append("no order of the operations on ").append(partition).append(" explains\n  ");
    text.append(culprit).append('\n');
    List<Operation<I, O>> others = new ArrayList<>(prefix);
    others.replaceAll(operation -> operation.equals(culprit) ? pending(culprit) : operation);
    Search<S, I, O> search = new Search<>(model, others, budget);
    if (search.run() == Search.Result.LEGAL) {
      text.append("an order that explains everything before its return, the last of ");
      lines(search.order(), text);
      text.append("which leaves the state ").append(search.lastState()).append('\n');
    }
    text.append("operations that overlap with it, the last of ");
    lines(
        prefix.stream()
            .filter(other -> !other.equals(culprit) && !other.isFailed())
            .filter(other -> !other.isAcknowledged() || other.returnedAt() >= culprit.invokedAt())
            .toList(),
        text);
    return text.toString();
  }

  private static void lines(List<? extends Operation<?, ?>> operations, StringBuilder text) {
    text.append(operations.size()).append(":\n");
    operations.stream()
        .skip(Math.max(0, operations.size() - MOST_LINES))
        .forEach(operation -> text.append("  ").append(operation).append('\n'));
  }
}
