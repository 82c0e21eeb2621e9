package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.testkit.history.Ending;
import dev.quorate.raft.testkit.history.History;
import dev.quorate.raft.testkit.history.Linearizability;
import dev.quorate.raft.testkit.history.Operation;
import dev.quorate.raft.testkit.history.Verdict;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * I16 once more, without the indexes that answers name: there is an order of all commands and
 * linearizable reads that explains every answer by a model of the state machine. That the search
 * for one came to no end is a failure as well.
 *
 * <p>A command of unknown end of which the log knows nothing has no effect: the search would have
 * to try each at every point, and come to no end.
 *
 * @param <S> a state of the model
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public final class SpecifiedCalls<S, I, O> {

  /** There is no such order. */
  public static final String NO_ORDER = "linearizability";

  /** Nobody knows whether there is one. */
  public static final String UNDECIDED = "undecided";

  private final Specification<S, I, O> specification;
  private final LongSupplier trueTime;
  private final long budget;
  private final History<Request, byte[]> history = new History<>();
  private long explained;

  private record Request(boolean isCommand, byte[] bytes) {}

  /**
   * Calls of which there is none yet.
   *
   * @param trueTime the time that no node knows, in nanoseconds
   * @param budget how many steps of the model the search may take for each of its objects
   */
  public SpecifiedCalls(Specification<S, I, O> specification, LongSupplier trueTime, long budget) {
    this.specification = specification;
    this.trueTime = trueTime;
    this.budget = budget;
  }

  /** A call under way; one that is not ended here may have an effect at any time. */
  static final class Call {

    private final History<Request, byte[]>.Call call;
    private final LongSupplier trueTime;

    private Call(History<Request, byte[]>.Call call, LongSupplier trueTime) {
      this.call = call;
      this.trueTime = trueTime;
    }

    void returned(byte[] result) {
      call.returned(result, trueTime.getAsLong());
    }

    void failed(String reason) {
      call.failed(reason, trueTime.getAsLong());
    }
  }

  Call command(String caller, byte[] command) {
    return begun(caller, new Request(true, command));
  }

  Call query(String caller, byte[] query) {
    return begun(caller, new Request(false, query));
  }

  private Call begun(String caller, Request request) {
    return new Call(history.invoke(caller, request, trueTime.getAsLong()), trueTime);
  }

  /**
   * Whether there is an order, as far as is known now.
   *
   * @param isApplied whether a command is
   */
  void judge(Predicate<ByteBuffer> isApplied) {
    List<Operation<I, O>> operations = operations(isApplied);
    Verdict verdict = Linearizability.check(specification.model(), operations, budget);
    try {
      verdict.requireLinearizable();
    } catch (AssertionError e) {
      boolean undecided = verdict instanceof Verdict.Undecided;
      throw new Violation(undecided ? UNDECIDED : NO_ORDER, e.getMessage());
    }
    explained = operations.size();
  }

  /** For how many calls the model had to account. */
  long explained() {
    return explained;
  }

  private List<Operation<I, O>> operations(Predicate<ByteBuffer> isApplied) {
    List<Operation<I, O>> all = new ArrayList<>();
    for (Operation<Request, byte[]> each : history.operations()) {
      Request request = each.input();
      boolean matters =
          each.isAcknowledged()
              || request.isCommand
                  && !each.isFailed()
                  && isApplied.test(ByteBuffer.wrap(request.bytes));
      if (matters) {
        I input =
            request.isCommand
                ? specification.interpretation().command(request.bytes)
                : specification.interpretation().query(request.bytes);
        all.add(
            new Operation<>(
                each.number(), each.client(), each.invokedAt(), input, ending(each, input)));
      }
    }
    return all;
  }

  private Ending<O> ending(Operation<Request, byte[]> of, I input) {
    return of.ending() instanceof Ending.Returned<byte[]> end
        ? new Ending.Returned<>(end.at(), specification.interpretation().result(input, end.value()))
        : new Ending.Pending<>();
  }
}
