package dev.quorate.raft.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * What clients saw, in the order in which they called. It only grows. Any thread may record and
 * read.
 *
 * <p>Times are handed in, so that virtual time will do as well as {@link System#nanoTime()}. The
 * checks are sound only if a call's time is taken before it is sent and its ending's time after the
 * answer has come, by one clock for all clients.
 *
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public final class History<I, O> {

  private final List<Operation<I, O>> operations = new ArrayList<>();

  /** A history without a call. */
  public History() {}

  /**
   * A client calls.
   *
   * @param client who
   * @param input what it asks for
   * @param now the time, taken before anything was sent
   * @return by which the call's end is recorded
   */
  public synchronized Call invoke(String client, I input, long now) {
    int number = operations.size();
    operations.add(new Operation<>(number, client, now, input, new Ending.Pending<>()));
    return new Call(number);
  }

  /**
   * The calls so far.
   *
   * @return all of them as they are now; those that have not ended are pending
   */
  public synchronized List<Operation<I, O>> operations() {
    return List.copyOf(operations);
  }

  private synchronized void end(int number, Ending<O> ending) {
    Operation<I, O> begun = operations.get(number);
    if (!(begun.ending() instanceof Ending.Pending)) {
      throw new IllegalStateException(begun + " ends again: " + ending);
    }
    operations.set(
        number, new Operation<>(number, begun.client(), begun.invokedAt(), begun.input(), ending));
  }

  /** The calls, a line each. */
  @Override
  public String toString() {
    return String.join("\n", operations().stream().map(Operation::toString).toList());
  }

  /**
   * A call under way. Exactly one of its methods is to be called, once, by any thread; a second end
   * is an {@link IllegalStateException}.
   */
  public final class Call {

    private final int number;

    private Call(int number) {
      this.number = number;
    }

    /**
     * It took effect.
     *
     * @param value what it returned
     * @param now the time, taken after the answer had come
     */
    public void returned(O value, long now) {
      end(number, new Ending.Returned<>(now, value));
    }

    /**
     * It certainly has no effect, now or later.
     *
     * @param reason for people
     * @param now the time, taken after the answer had come
     */
    public void failed(String reason, long now) {
      end(number, new Ending.Failed<>(now, reason));
    }

    /**
     * Nobody knows whether it has or will have an effect.
     *
     * @param reason for people
     * @param now the time
     */
    public void unknown(String reason, long now) {
      end(number, new Ending.Unknown<>(now, reason));
    }
  }
}
