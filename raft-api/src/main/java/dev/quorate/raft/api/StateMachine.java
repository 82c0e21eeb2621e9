package dev.quorate.raft.api;

import java.nio.ByteBuffer;

/**
 * The user's deterministic state machine (Ongaro's dissertation, section 3.1). Every node applies
 * the same commands in the same order and must come to the same state and the same results.
 *
 * <p><b>Threads.</b> All methods are called one at a time, with a happens-before edge from each
 * call to the next, though not always by the same thread. They may block, which delays this group's
 * application only; they must not wait for a call on the node that calls them.
 *
 * <p><b>Buffers</b> handed in are read-only and valid only during the call. Arrays handed out
 * belong to the library afterwards and must not be changed.
 */
public interface StateMachine {

  /**
   * Applies one committed command. It must depend on nothing but the state, the context and the
   * command: no clock, no randomness, no iteration over unordered sets. A business refusal ("name
   * is taken") is a result like any other.
   *
   * <p>An exception is a fault: the node stops serving and leading, says why in {@link
   * NodeStatus#condition()}, and never skips the command. An exception that is thrown
   * deterministically therefore stops every node; the way out is to mend the state machine and to
   * restart the nodes one after the other, whereupon the command is applied again.
   *
   * @param context where in the log the command stands, and its stamps
   * @param command the bytes that were submitted
   * @return the result that the submitter gets, possibly empty, never {@code null}
   */
  byte[] apply(ApplyContext context, ByteBuffer command);

  /**
   * Answers a query from the state, without changing it.
   *
   * @param query the bytes that were handed to {@link RaftNode#read(byte[])}
   * @return the answer, possibly empty, never {@code null}
   */
  byte[] query(ByteBuffer query);
}
