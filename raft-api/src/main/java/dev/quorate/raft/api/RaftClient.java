package dev.quorate.raft.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a replicated group that is none of its members. Given any addresses of nodes that
 * live, it finds the leader, follows it when it changes, learns where members are that came later,
 * and leaves a node that dies at once.
 *
 * <p>Calls have the same ends as those of {@link RaftNode}, each exactly one, by its deadline at
 * the latest. Calls wait for a node that knows a leader, in the order in which they came; then they
 * are sent, many at a time, on one connection. A read is asked again elsewhere when a node is lost.
 * A command is not: once it was sent and its answer is lost, it ends as {@link Outcome.Unknown}. In
 * a {@link Session} commands are repeated, and applied exactly once all the same. What a node
 * certainly refused, for a reason that is the node's own, is tried through others. All that is sent
 * again takes from one budget of the client; when it is empty, what a session repeats waits, and
 * nothing else is repeated.
 *
 * <p>All methods may be called by any thread. No method blocks except {@link #submitOrThrow} and
 * {@link #close}. Futures are copies, and complete on an executor of their own, so that what is
 * chained to them may block. Arrays that are handed in must not be changed afterwards.
 */
public interface RaftClient extends AutoCloseable {

  /**
   * Submits a command with the configured default deadline ({@code raft.call-timeout}).
   *
   * @param command the bytes to be replicated and applied
   * @return what became of it
   */
  CompletableFuture<Outcome> submit(byte[] command);

  /**
   * Submits a command. It is applied at most once.
   *
   * @param command the bytes to be replicated and applied
   * @param deadline how long the caller waits, more than zero
   * @return what became of it, at the latest when the deadline has passed
   */
  CompletableFuture<Outcome> submit(byte[] command, Duration deadline);

  /**
   * Submits a command with the default deadline and waits for its result.
   *
   * @param command the bytes to be replicated and applied
   * @return the state machine's result; not to be changed
   * @throws CommandRejectedException if the command is certainly not applied
   * @throws OutcomeUnknownException if it may or may not be applied
   */
  default byte[] submitOrThrow(byte[] command) {
    return submit(command).join().resultOrThrow();
  }

  /**
   * Opens a client session with the configured default deadline.
   *
   * @return the session, or why there is none
   */
  CompletableFuture<SessionOutcome> openSession();

  /**
   * Opens a client session, in which commands are applied exactly once although the library sends
   * them again where it must.
   *
   * @param deadline how long the caller waits, more than zero
   * @return the session, or why there is none, at the latest when the deadline has passed
   */
  CompletableFuture<SessionOutcome> openSession(Duration deadline);

  /**
   * Goes on with a session that was opened before, by this process or another, through any node or
   * client: see {@link RaftNode#resumeSession}.
   *
   * @param state the session's state
   * @return the session
   * @throws IllegalStateException if the client is closed, or has as many sessions as it may have
   *     pending calls
   */
  Session resumeSession(Session.State state);

  /**
   * Reads linearizably with the configured default deadline.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @return the answer
   */
  CompletableFuture<ReadOutcome> read(byte[] query);

  /**
   * Reads linearizably.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @param deadline how long the caller waits, more than zero
   * @return the answer, at the latest when the deadline has passed
   */
  CompletableFuture<ReadOutcome> read(byte[] query, Duration deadline);

  /**
   * Reads with the configured default deadline.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @param consistency what the answer must reflect
   * @return the answer
   */
  CompletableFuture<ReadOutcome> read(byte[] query, ReadConsistency consistency);

  /**
   * Reads from the node that the client is connected to, which is the leader where that can be
   * reached.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @param consistency what the answer must reflect
   * @param deadline how long the caller waits, more than zero
   * @return the answer, at the latest when the deadline has passed
   */
  CompletableFuture<ReadOutcome> read(byte[] query, ReadConsistency consistency, Duration deadline);

  /**
   * Starts to close the client, which takes no more calls. Calls that are pending end as rejected
   * or unknown. Sessions are not closed in the cluster by that; they expire there unless somebody
   * goes on with them. Idempotent, and may be called from a callback.
   *
   * @return completes when no thread or socket of the client is left
   */
  CompletableFuture<Void> closeAsync();

  /**
   * Closes the client and waits until nothing of it is left. From one of the client's own callbacks
   * it only starts to close and returns.
   */
  @Override
  void close();
}
