package dev.quorate.raft.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The user's deterministic state machine (Ongaro's dissertation, section 3.1). Every node applies
 * the same commands in the same order and must come to the same state and the same results.
 *
 * <p><b>Threads.</b> All methods but {@link #validate} are called one at a time, with a
 * happens-before edge from each call to the next, though not always by the same thread. They may
 * block, which delays this group's application only; they must not wait for a call on the node that
 * calls them.
 *
 * <p><b>Buffers</b> handed in are read-only and valid only during the call. Arrays handed out
 * belong to the library afterwards and must not be changed.
 */
public interface StateMachine {

  /**
   * Looks at a command before the leader gives it a place in the log. What is refused here never
   * gets one, so that a command which {@link #apply} would choke on stops nobody: its submitter
   * gets {@link RejectReason#INVALID} with this message.
   *
   * <p>It judges the bytes alone, by whatever node leads at that time; it must not look at the
   * state, which is being changed by another thread meanwhile, nor block or wait, because the node
   * does nothing else while it runs. What it throws refuses the command too. It is no promise to
   * {@link #apply}: commands that another version of it let through are in the log.
   *
   * @param command the bytes that were submitted
   * @return why the command is refused, for its submitter to read; empty, as unless overridden, if
   *     it is not
   */
  default Optional<String> validate(ByteBuffer command) {
    return Optional.empty();
  }

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

  /**
   * Captures the state after the last applied command, quickly, for writing it while further
   * commands are applied. Not called again before the last one was closed.
   *
   * @return the captured state; empty, as unless overridden, if the state machine has no snapshots,
   *     in which case its log is never compacted
   */
  default Optional<Snapshot> capture() {
    return Optional.empty();
  }

  /**
   * Replaces the whole state by one that {@link Snapshot#writeTo} wrote, here or on another node.
   * If it throws, the node stops serving and leading as if {@link #apply} had thrown.
   *
   * @param in the bytes, buffered; what is not read is skipped; closed by the caller
   * @throws IOException if {@code in} fails, which is thrown on, or the bytes make no sense
   */
  default void restore(InputStream in) throws IOException {
    throw new UnsupportedOperationException(getClass() + " has no snapshots");
  }
}
