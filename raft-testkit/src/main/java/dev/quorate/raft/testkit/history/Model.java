package dev.quorate.raft.testkit.history;

import java.util.Optional;

/**
 * What an object does when it is used by one client at a time: the specification that a history is
 * judged by. Implementations are pure: no method changes anything.
 *
 * <p>States are immutable and have {@code equals} and {@code hashCode} by value; both are called
 * often, so a large state is worth a remembered hash. An object that is not deterministic is
 * modelled by taking the set of its possible states as a state.
 *
 * @param <S> a state
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public interface Model<S, I, O> {

  /**
   * Where every object begins.
   *
   * @return the state before the first operation
   */
  S initial();

  /**
   * An operation takes effect and returns that output.
   *
   * @param state the state before
   * @param input what was asked for
   * @param output what the client was answered
   * @return the state after, or empty if the operation cannot return that in that state
   */
  Optional<S> step(S state, I input, O output);

  /**
   * An operation takes effect and nobody sees what it returns.
   *
   * @param state the state before
   * @param input what was asked for
   * @return the state after
   */
  S unseen(S state, I input);

  /**
   * Whether an operation changes no state at all. The search is faster for what is said here: a
   * read that fits is not tried at any other place.
   *
   * @param input what was asked for
   * @return whether the state after it is that before it, whatever that is
   */
  default boolean isRead(I input) {
    return false;
  }

  /**
   * Which of several independent objects the operation is about. A history is linearizable if and
   * only if the operations of each object are (locality; Horn and Kroening call the use of it in a
   * search P-compositionality), and the search is exponential only in what is simultaneous at one
   * object: a model should say as much here as it can. {@link #initial} is the state of each.
   *
   * @param input what was asked for
   * @return a value with {@code equals}, {@code hashCode} and {@code toString}
   */
  default Object partition(I input) {
    return "all";
  }
}
