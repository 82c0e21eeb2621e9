package dev.quorate.raft.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A client's session (Ongaro's dissertation, section 6.3): what is submitted in it is applied
 * exactly once, in the order in which it was submitted, however often it is sent and through
 * whichever node. The library sends a command again when a leader or a connection is lost, which it
 * never does for commands outside a session; the repetition gets the first result. So a command's
 * end is {@link Outcome.Unknown} only when its deadline passes before the end is learnt, when the
 * session expires, or when the node closes meanwhile.
 *
 * <p>The session lives in the replicated state and in snapshots. It survives the loss of any node,
 * and of this process: the n-th call of {@code submit} has the number n in the session, whatever
 * became of it. A process that writes down its commands before it submits them can go on after a
 * crash, through any node: {@link RaftNode#resumeSession} with a number, then the commands from
 * that number on, all of them and in their order. Those that were applied get their first results.
 *
 * <p>It expires when the cluster has not heard of it for its timeout, in the time of the cluster,
 * which does not pass while nobody leads; an open session is kept alive by the library. After that
 * it is refused as {@link RejectReason#SESSION_EXPIRED}, and nothing in it is applied any more. A
 * command of which an earlier attempt may have been applied before that ends as unknown.
 *
 * <p>Commands are pipelined: some are on their way at a time, the rest waits in order. One whose
 * deadline passes on its way is still sent until its end is known, because those behind it come
 * after it; what was certainly never appended is rejected and never applied.
 *
 * <p>All methods may be called by any thread, and the rules of {@link RaftNode} hold. One session
 * is for one process at a time.
 */
public interface Session extends AutoCloseable {

  /**
   * The session's id: the log index at which it was opened.
   *
   * @return at least 1
   */
  long id();

  /**
   * Submits a command with the configured default deadline ({@code raft.call-timeout}).
   *
   * @param command the bytes to be replicated and applied
   * @return what became of it
   */
  CompletableFuture<Outcome> submit(byte[] command);

  /**
   * Submits a command behind those that were submitted before.
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
   * @throws IllegalStateException if it is called by a thread on which the state machine runs
   */
  byte[] submitOrThrow(byte[] command);

  /**
   * What another process needs to go on with this session: the number of the first command of which
   * the cluster has not said what became of it. Commands with lower numbers need not be remembered.
   *
   * @return the state, as of now
   */
  State state();

  /**
   * Whether it is known that the session has expired or was closed. Nothing that was submitted in
   * it is applied after that.
   *
   * @return {@code true} once the cluster has said so
   */
  boolean isExpired();

  /**
   * Ends the session in the cluster, once everything that was submitted has ended. Takes no more
   * commands. Where the cluster cannot be told, the session expires there.
   *
   * @return completes when the cluster has been told, or its deadline ({@code raft.call-timeout})
   *     has passed
   */
  CompletableFuture<Void> closeAsync();

  /**
   * Closes the session and waits for that. From one of the node's own callbacks it only starts to
   * close and returns.
   */
  @Override
  void close();

  /**
   * Lets go of the session without ending it in the cluster, as the end of this process would: it
   * is no longer kept alive from here, takes no more commands here, and what is under way ends as
   * unknown or rejected. Another process may then go on with it, or a client that is none of the
   * cluster's members through {@link RaftNode#attempt}. Returns at once.
   */
  void leave();

  /**
   * A command's place in a session, as the client knows it that numbers its commands itself.
   *
   * @param session the session's id
   * @param sequence the command's number, at least 1
   * @param acknowledged the client knows what became of all commands up to this number, which is
   *     less than {@code sequence}; their results need not be kept any longer
   */
  record Place(long session, long sequence, long acknowledged) {
    /** Checks the bounds. */
    public Place {
      if (session < 1 || sequence < 1 || acknowledged < 0 || acknowledged >= sequence) {
        throw new IllegalArgumentException(
            "command "
                + sequence
                + " of session "
                + session
                + ", acknowledged up to "
                + acknowledged
                + ": the first two are at least 1, the third is 0 to less than the first");
      }
    }
  }

  /**
   * What a session is resumed by.
   *
   * @param id the session's id
   * @param nextSequence the number of the next command that is submitted, at least 1
   */
  record State(long id, long nextSequence) {
    /** Checks the bounds. */
    public State {
      if (id < 1 || nextSequence < 1) {
        throw new IllegalArgumentException(
            "session " + id + " at " + nextSequence + ": both are at least 1");
      }
    }
  }
}
