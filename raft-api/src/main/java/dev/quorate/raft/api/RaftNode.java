package dev.quorate.raft.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One member of a replicated group, running in this process.
 *
 * <p>All methods may be called by any thread, on any member; what needs the leader is forwarded to
 * it. No method blocks except {@link #submitOrThrow} and {@link #close}. Futures are copies:
 * completing or cancelling one reaches nothing but itself. They complete on an executor of their
 * own, so that what is chained to them may block, also on other calls of the node. While a thousand
 * such callbacks block at a time, further futures complete only when one of them returns.
 *
 * <p>Arrays that are handed in must not be changed afterwards.
 */
public interface RaftNode extends AutoCloseable {

  /** The id of a node's only group, unless {@code raft.group} says otherwise. */
  String DEFAULT_GROUP = "default";

  /**
   * This node's id.
   *
   * @return the id
   */
  NodeId id();

  /**
   * Submits a command with the configured default deadline ({@code raft.call-timeout}).
   *
   * @param command the bytes to be replicated and applied
   * @return what became of it
   */
  CompletableFuture<Outcome> submit(byte[] command);

  /**
   * Submits a command. Where no leader is known yet, the call waits for one within its deadline. A
   * command is handed to a leader at most once; it is never sent again by the library, so that it
   * is applied at most once.
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
   * Goes on with a session that was opened through any node, by this process or one before it. The
   * first command that is submitted has the number {@link Session.State#nextSequence}; if that is
   * the one that had it before, it gets the result of that time. The cluster is not asked yet: if
   * the session has expired, what is submitted says so.
   *
   * @param state the session's state
   * @return the session
   * @throws IllegalStateException if the node is closed, or has as many sessions as it may have
   *     pending calls
   */
  Session resumeSession(Session.State state);

  /**
   * Makes one attempt at a command of a session whose client is not this process. It is for servers
   * whose own clients number their commands and repeat them, through whichever server: the command
   * is applied once, however many attempts there are. Nothing is repeated, kept alive or remembered
   * here; that is the client's part, and so is the order: a command whose predecessors are not done
   * is rejected as {@link RejectReason#OUT_OF_ORDER}.
   *
   * <p>That an attempt is rejected says nothing of those before it. The session itself says so
   * ({@link Outcome.Applied} with the first result) when one of them was applied.
   *
   * @param place the session, the command's number and what the client knows
   * @param command the bytes to be replicated and applied
   * @param deadline how long the caller waits, more than zero
   * @return what became of this attempt, at the latest when the deadline has passed
   */
  CompletableFuture<Outcome> attempt(Session.Place place, byte[] command, Duration deadline);

  /**
   * Reads linearizably with the configured default deadline.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @return the answer
   */
  CompletableFuture<ReadOutcome> read(byte[] query);

  /**
   * Reads linearizably: the answer reflects every command whose outcome was known, to anybody,
   * before this call (Ongaro's dissertation, section 6.4, ReadIndex). It costs one round of
   * messages shared by all reads that wait, and no disk write.
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
   * Reads. Whatever the level, the answer names the index of the log that it reflects, and no
   * answer reflects what the group has not agreed on.
   *
   * @param query the bytes handed to {@link StateMachine#query}
   * @param consistency what the answer must reflect
   * @param deadline how long the caller waits, more than zero
   * @return the answer, at the latest when the deadline has passed
   */
  CompletableFuture<ReadOutcome> read(byte[] query, ReadConsistency consistency, Duration deadline);

  /**
   * Hands the leadership to another voter (Ongaro's dissertation, section 3.10). Only the leader
   * can; elsewhere the outcome is a failure that names the leader. While it is under way, commands
   * wait, and none is lost. A leader that is its own target has nothing to do: the outcome is that
   * it leads.
   *
   * @param target the voter that is to lead
   * @param deadline after which the old leader serves again, more than zero
   * @return what became of it
   */
  CompletableFuture<TransferOutcome> transferLeadership(NodeId target, Duration deadline);

  /**
   * Hands the leadership to the voter that is best fit for it: of those that answer and have space
   * on their disks, the one that has most of the log.
   *
   * @param deadline after which the old leader serves again, more than zero
   * @return what became of it
   */
  CompletableFuture<TransferOutcome> transferLeadership(Duration deadline);

  /**
   * Gives the leadership up: hands it over as {@link #transferLeadership(Duration)} does, and if
   * that fails, or there is nobody to take it, leads no longer all the same. It may be elected
   * again later, as any voter.
   *
   * @param deadline after which it leads no longer whatever the others do, more than zero
   * @return who leads in its place, or why nobody does yet
   */
  CompletableFuture<TransferOutcome> stepDown(Duration deadline);

  /**
   * Takes a snapshot of this node's state machine now, whatever is configured ({@code
   * raft.snapshot.…}), and drops what is no longer needed of its log. The snapshot contains all
   * that this node had applied when it was asked for. Concerns this node only.
   *
   * @param deadline how long the caller waits, more than zero; the snapshot is written to its end
   *     all the same
   * @return what became of it, at the latest when the deadline has passed
   */
  CompletableFuture<SnapshotOutcome> takeSnapshot(Duration deadline);

  /**
   * Changes the settings that all members share, if nobody else has changed them since.
   *
   * @param settings what they shall be, derived from {@link NodeStatus#settings()}: its version
   *     says from which they are derived, and the version in effect is one more afterwards
   * @param deadline how long to wait at most; more than zero
   * @return how that ends, never exceptionally: applied; rejected, among others as {@link
   *     RejectReason#SUPERSEDED} if the version in effect is not that of {@code settings} any more;
   *     or unknown, after which {@link NodeStatus#settings()} shows what is in effect. It is safe
   *     to ask again: what is in effect already is then rejected as superseded. Each member obeys
   *     them as soon as it has applied them
   * @throws IllegalArgumentException if the deadline is not positive
   */
  CompletableFuture<Outcome> changeSettings(GroupSettings settings, Duration deadline);

  /**
   * Who is in the group, and how to change that.
   *
   * @return the group's members
   */
  GroupMembership membership();

  /**
   * The node's view of itself and its group. Cheap, and answered in every condition.
   *
   * @return the view, at most a few milliseconds old
   */
  NodeStatus status();

  /**
   * What the node finds wrong with itself, for liveness and readiness probes. Cheap, and answered
   * in every condition. It is as new as the node's last turn; a node that works has one several
   * times in an election timeout.
   *
   * @return the findings
   */
  NodeHealth health();

  /**
   * The last events of this node, as many as {@code raft.recorder.events} says: what to look at,
   * and to send along, when something went wrong. Cheap, and answered in every condition.
   *
   * @return the events, oldest first
   */
  List<NodeEvent> recentEvents();

  /**
   * Adds a listener. It first hears of the present role, leader and condition.
   *
   * @param listener the listener
   * @return closing it removes the listener
   */
  Registration addListener(RaftListener listener);

  /**
   * Starts to close the node, which takes no more calls. If it leads, it first hands the leadership
   * to another voter, so that the others need not miss it; that takes the longest election timeout
   * at most, and is left out where no other voter answers. Calls that are pending then end as
   * unknown or rejected. Idempotent, and may be called from a callback.
   *
   * @return completes when no thread, socket or file of the node is left
   */
  CompletableFuture<Void> closeAsync();

  /**
   * Closes the node and waits until nothing of it is left. From one of the node's own callbacks it
   * only starts to close and returns, because waiting there would never end.
   */
  @Override
  void close();

  /** Undoes a registration. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    /** Undoes it. Idempotent. */
    @Override
    void close();
  }
}
