package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.MembershipOutcome;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.SnapshotOutcome;
import dev.quorate.raft.api.TransferOutcome;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.api.storage.WriteBatch;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done after a turn. One object is used again and again: the driver feeds any number
 * of inputs, ends the turn by {@link RaftCore#endTurn}, carries everything out, and clears it.
 */
public final class Effects {

  /** A send that waits for no write. */
  public static final long AT_ONCE = 0;

  private final List<Send> sends = new ArrayList<>();
  private final List<Apply> applies = new ArrayList<>();
  private final List<LogRead> logReads = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();
  private final List<SnapshotTask> snapshotTasks = new ArrayList<>();
  private Optional<WriteBatch> write = Optional.empty();

  /**
   * A message to a node.
   *
   * @param to the node
   * @param toIncarnation the disk it must have for the message to be meant for it; 0: any
   * @param message the message
   * @param afterWrite the sequence of the write that must be durable first, or {@link #AT_ONCE}
   */
  public record Send(NodeId to, long toIncarnation, Message message, long afterWrite) {}

  /**
   * A committed and locally durable entry to apply.
   *
   * @param entry the entry; those that are not commands only move the applied index
   * @param origin who waits for its result, if anybody
   */
  public record Apply(LogEntry entry, Optional<Origin> origin) {}

  /**
   * A request to read entries of the log off the core's turn; answered by {@link
   * RaftCore#onLogRead}.
   *
   * @param token identifies the request
   * @param from the first index
   * @param to the index after the last
   * @param maxBytes when to stop
   */
  public record LogRead(long token, long from, long to, long maxBytes) {}

  /** What is to be done about snapshots. */
  public sealed interface SnapshotTask {

    /**
     * Take one of what the state machine has applied; answered by {@link RaftCore#onSnapshotTaken}
     * or {@link RaftCore#onSnapshotFailed}. There is one at a time.
     */
    record Capture() implements SnapshotTask {}

    /**
     * Restore the state machine from one, before anything of {@link #applies} is applied; answered
     * by {@link RaftCore#onApplied}.
     *
     * @param id the snapshot
     */
    record Restore(SnapshotId id) implements SnapshotTask {}

    /**
     * Fetch one from another node, or go on with that from another, in place of what is being
     * fetched; answered by {@link RaftCore#onSnapshotFetched} or {@link RaftCore#onFetchFailed}.
     *
     * @param id the snapshot
     * @param holder who has it
     */
    record Fetch(SnapshotId id, Holder holder) implements SnapshotTask {}

    /** Fetch nothing any more; what is there of it may be of use later. */
    record StopFetch() implements SnapshotTask {}
  }

  /** The end of a call of this process. */
  public sealed interface Completion {

    /** The call's number. */
    long number();

    /**
     * A command's end otherwise than by being applied here.
     *
     * @param number the call's number
     * @param outcome its end
     */
    record Command(long number, Outcome outcome) implements Completion {}

    /**
     * A read may be answered now from the state machine, which has applied the index.
     *
     * @param number the call's number
     * @param index the read index
     */
    record ReadReady(long number, long index) implements Completion {}

    /**
     * A read is refused.
     *
     * @param number the call's number
     * @param reason why
     * @param message the reason for people
     */
    record ReadRefused(long number, RejectReason reason, String message) implements Completion {}

    /**
     * The end of a transfer of leadership.
     *
     * @param number the call's number
     * @param outcome its end
     */
    record Transfer(long number, TransferOutcome outcome) implements Completion {}

    /**
     * The end of a wish for a snapshot.
     *
     * @param number the call's number
     * @param outcome its end
     */
    record Snapshot(long number, SnapshotOutcome outcome) implements Completion {}

    /**
     * The end of a change of membership.
     *
     * @param number the call's number
     * @param outcome its end
     */
    record Change(long number, MembershipOutcome outcome) implements Completion {}
  }

  /** Messages, in the order in which they are to be sent. */
  public List<Send> sends() {
    return Collections.unmodifiableList(sends);
  }

  /** The turn's write, if there is one. */
  public Optional<WriteBatch> write() {
    return write;
  }

  /** What is to be done about snapshots, in order, before {@link #applies}. */
  public List<SnapshotTask> snapshotTasks() {
    return Collections.unmodifiableList(snapshotTasks);
  }

  /** Entries to apply, in order. */
  public List<Apply> applies() {
    return Collections.unmodifiableList(applies);
  }

  /** Reads of the log. */
  public List<LogRead> logReads() {
    return Collections.unmodifiableList(logReads);
  }

  /** Calls that end. */
  public List<Completion> completions() {
    return Collections.unmodifiableList(completions);
  }

  /** Forgets everything. */
  public void clear() {
    sends.clear();
    applies.clear();
    logReads.clear();
    completions.clear();
    snapshotTasks.clear();
    write = Optional.empty();
  }

  /** Adds a message. */
  public void send(NodeId to, long toIncarnation, Message message, long afterWrite) {
    sends.add(new Send(to, toIncarnation, message, afterWrite));
  }

  /** Sets the turn's write. */
  public void write(WriteBatch batch) {
    if (write.isPresent()) {
      throw new IllegalStateException("a turn has one write");
    }
    write = Optional.of(batch);
  }

  /** Adds a task about snapshots. */
  public void snapshotTask(SnapshotTask task) {
    snapshotTasks.add(task);
  }

  /** Adds an entry to apply. */
  public void apply(LogEntry entry, Optional<Origin> origin) {
    applies.add(new Apply(entry, origin));
  }

  /** Adds a read of the log. */
  public void readLog(long token, long from, long to, long maxBytes) {
    logReads.add(new LogRead(token, from, to, maxBytes));
  }

  /** Ends a call of this process. */
  public void complete(Completion completion) {
    completions.add(completion);
  }
}
