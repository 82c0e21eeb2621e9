package dev.quorate.raft.testkit.simulation;

/**
 * What the bytes of calls mean, in the terms of a {@link dev.quorate.raft.testkit.history.Model
 * model} of the state machine.
 *
 * @param <I> what clients ask for
 * @param <O> what a call returns
 */
public interface Interpretation<I, O> {

  /**
   * What a command asks for.
   *
   * @param command the bytes that were submitted, which the state machine does not refuse when it
   *     validates them
   * @return the same in the terms of the model
   */
  I command(byte[] command);

  /**
   * What a query asks for.
   *
   * @param query the bytes that were handed to the state machine's {@code query}
   * @return the same in the terms of the model
   */
  I query(byte[] query);

  /**
   * What a caller was answered.
   *
   * @param input what was asked for
   * @param result the bytes that the state machine gave
   * @return the same in the terms of the model
   */
  O result(I input, byte[] result);
}
